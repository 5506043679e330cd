package omni.launcher;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Handlers for the signals of the operating system. The classes behind it exist in every JDK but are no official interface, so they
 * are reached by reflection, and where they are missing the signals keep their default meaning.
 */
public final class Signals {
    /** The launcher's word to its child for an interrupt that it received itself: see {@link #relayed}. */
    private static final String RELAY = "USR1";

    private Signals() {}

    /** What to do on a signal. Called on a thread of its own. */
    public interface Handler {
        void received(String signal);
    }

    /**
     * Replaces the default meaning of a signal.
     *
     * @param signal name without SIG: INT, TERM, HUP …
     * @return false if the system has no such signal or the JVM keeps it for itself
     */
    public static boolean handle(String signal, Handler handler) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Constructor<?> constructor = signalClass.getConstructor(String.class);
            InvocationHandler invocation = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    handler.received(signal);
                    return null;
                }
                // equals, hashCode and toString are those of the handler.
                return method.invoke(handler, arguments);
            };
            Object proxy =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, invocation);
            signalClass
                    .getMethod("handle", signalClass, handlerClass)
                    .invoke(null, constructor.newInstance(signal), proxy);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Name of the signal that stands for a relayed interrupt. A terminal sends its interrupt to the launcher and to the child alike,
     * {@code kill} only to the launcher; relayed under another name, the child can count both and act once.
     */
    public static String relayed() {
        return RELAY;
    }
}
