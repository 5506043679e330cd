package omni.loader;

/** The kinds of JSON values, as their first character shows them. */
enum JsonToken {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
}
