/**
 * Files to samples and pixels. Sounds are read as a stream of blocks, pictures as 8-bit RGB, clips frame by frame; nothing here knows
 * what a model wants of them.
 *
 * <p>WAV, PNG, JPEG, GIF, BMP, animated GIF and folders of frames are read by this package; everything else goes through the programs
 * {@code ffmpeg} and {@code ffprobe} where they are installed. Files are hostile: sizes are checked before anything is allocated, and
 * what is wrong is told in one {@link omni.error.MediaException} that names the file and the numbers.
 *
 * <p>Letters: S samples of one channel, C channels. Readers belong to one thread at a time; sources may be opened by several.
 */
@NullMarked
package omni.media;

import org.jspecify.annotations.NullMarked;
