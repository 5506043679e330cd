/** Files to tensors: JSON, safetensors, torch archives, tokenizer and configuration. */
module omni.loader {
    requires transitive omni.engine;
    requires static transitive org.jspecify;

    exports omni.loader;
}
