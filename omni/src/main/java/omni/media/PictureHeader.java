package omni.media;

/**
 * What a picture's file says of itself before anything is decoded.
 *
 * @param kind file format
 * @param width pixels of a row as stored
 * @param height rows as stored
 * @param orientation EXIF orientation, 1 .. 8
 */
record PictureHeader(FileKind kind, int width, int height, int orientation) {}
