package omni.media;

/** Receives the frames of a clip, one after the other. */
public interface FrameSink {
    /**
     * @param index number of the frame in the clip
     * @param picture the frame, upright; its memory is used again or freed after the call
     */
    void frame(int index, Picture picture);
}
