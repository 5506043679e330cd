/** Qwen2.5-Omni: media, encoders, Thinker, Talker, token2wav, the streaming pipeline, and the command line. */
module omni {
    requires transitive omni.loader;
    requires static transitive org.jspecify;
    requires static info.picocli;
    requires java.desktop;
    requires jdk.management;

    exports omni;
    exports omni.chat;

    opens omni.cli to
            info.picocli;
}
