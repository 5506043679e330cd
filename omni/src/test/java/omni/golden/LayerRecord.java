package omni.golden;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import omni.engine.LayerTap;
import omni.engine.Matrix;

/** What an encoder shows of its layers, piece by piece, put together again: rows [T, C] of each layer. */
final class LayerRecord implements LayerTap {
    private final Map<Integer, float[]> rows = new HashMap<>();
    private int last = -1;

    @Override
    public void afterLayer(int layer, Matrix x) {
        float[] more = x.toArray();
        float[] before = rows.getOrDefault(layer, new float[0]);
        float[] all = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, all, before.length, more.length);
        rows.put(layer, all);
        last = Math.max(last, layer);
    }

    /** Rows after a layer; -1 is what the first layer is given. */
    float[] after(int layer) {
        float[] found = rows.get(layer);
        if (found == null) {
            throw new IllegalStateException("not shown: layer=" + layer + ", shown=" + rows.keySet());
        }
        return found;
    }

    /** Rows after the last layer. */
    float[] afterLast() {
        return after(last);
    }
}
