package omni.golden;

import java.lang.foreign.ValueLayout;
import java.util.List;
import omni.media.Picture;

/** Pictures as tensors of whole numbers [height, width, 3], or [frames, height, width, 3]. */
final class StoredPictures {
    private StoredPictures() {}

    /** Picture {@code index} of a stored tensor. */
    static Picture picture(TensorCase one, String tensor, int index) {
        long[] shape = one.shape(tensor);
        int height = Math.toIntExact(shape[shape.length - 3]);
        int width = Math.toIntExact(shape[shape.length - 2]);
        int[] values = one.ints(tensor);
        Picture picture = Picture.of(width, height);
        int from = index * height * width * 3;
        for (int i = 0; i < height * width * 3; i++) {
            picture.rgb().set(ValueLayout.JAVA_BYTE, i, (byte) values[from + i]);
        }
        return picture;
    }

    /** Values of pictures of one size, one after the other. */
    static int[] values(List<Picture> pictures) {
        int size = Math.toIntExact(pictures.getFirst().rgb().byteSize());
        int[] out = new int[pictures.size() * size];
        for (int i = 0; i < out.length; i++) {
            out[i] = pictures.get(i / size).rgb().get(ValueLayout.JAVA_BYTE, i % size) & 0xFF;
        }
        return out;
    }
}
