/** Tensors, memory, threads, layers, caches and sampling: nothing here knows file formats or a particular model. */
module omni.engine {
    requires transitive omni.kernels;
    requires static transitive org.jspecify;

    exports omni.engine;
    exports omni.error;
}
