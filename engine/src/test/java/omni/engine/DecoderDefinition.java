package omni.engine;

/** The decoder as its formulas say, in double, all positions at once, without cache or tricks. */
final class DecoderDefinition {
    private final RandomModel model;
    private final DecoderConfig c;

    /** The residual stream after each layer of the last {@link #hidden}. */
    double[][][] afterLayer = new double[0][][];

    DecoderDefinition(RandomModel model) {
        this.model = model;
        c = model.config;
    }

    /** Hidden states after the final norm [T][C]. */
    double[][] hidden(Matrix embeddings, int[][] positions) {
        int rows = embeddings.rows();
        double[][] x = new double[rows][c.hidden()];
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < c.hidden(); i++) {
                x[t][i] = embeddings.get(t, i);
            }
        }
        afterLayer = new double[c.layers()][][];
        for (int i = 0; i < c.layers(); i++) {
            RandomModel.Layer w = model.weights.get(i);
            double[][] y = norm(x, w.inputNorm());
            double[][] q = rope(multiply(y, w.q()), c.heads(), positions);
            double[][] k = rope(multiply(y, w.k()), c.kvHeads(), positions);
            x = sum(x, multiply(attention(q, k, multiply(y, w.v())), w.o()));
            y = norm(x, w.postNorm());
            double[][] gate = multiply(y, w.gate());
            double[][] up = multiply(y, w.up());
            for (int t = 0; t < rows; t++) {
                for (int j = 0; j < c.ffn(); j++) {
                    gate[t][j] = gate[t][j] / (1 + Math.exp(-gate[t][j])) * up[t][j];
                }
            }
            x = sum(x, multiply(gate, w.down()));
            afterLayer[i] = x;
        }
        return norm(x, model.norm);
    }

    private double[][] norm(double[][] x, double[] weight) {
        double[][] y = new double[x.length][c.hidden()];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double v : x[t]) {
                squares += v * v;
            }
            double scale = 1 / Math.sqrt(squares / c.hidden() + c.rmsNormEps());
            for (int i = 0; i < c.hidden(); i++) {
                y[t][i] = x[t][i] * scale * weight[i];
            }
        }
        return y;
    }

    private static double[][] multiply(double[][] x, RandomModel.Map map) {
        double[][] y = new double[x.length][map.weight().length];
        for (int t = 0; t < x.length; t++) {
            for (int n = 0; n < y[t].length; n++) {
                double s = map.bias().length == 0 ? 0 : map.bias()[n];
                for (int i = 0; i < x[t].length; i++) {
                    s += x[t][i] * map.weight()[n][i];
                }
                y[t][n] = s;
            }
        }
        return y;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] y = new double[a.length][a[0].length];
        for (int t = 0; t < y.length; t++) {
            for (int i = 0; i < y[t].length; i++) {
                y[t][i] = a[t][i] + b[t][i];
            }
        }
        return y;
    }

    private double[][] rope(double[][] x, int heads, int[][] positions) {
        int half = c.headDim() / 2;
        double[][] y = new double[x.length][heads * c.headDim()];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < half; i++) {
                RopeSections s = c.ropeSections();
                int axis = i < s.time() ? 0 : i < s.time() + s.height() ? 1 : 2;
                double angle = positions[axis][t] * Math.pow(c.ropeTheta(), -2.0 * i / c.headDim());
                for (int h = 0; h < heads; h++) {
                    int at = h * c.headDim() + i;
                    y[t][at] = x[t][at] * Math.cos(angle) - x[t][at + half] * Math.sin(angle);
                    y[t][at + half] = x[t][at + half] * Math.cos(angle) + x[t][at] * Math.sin(angle);
                }
            }
        }
        return y;
    }

    private double[][] attention(double[][] q, double[][] k, double[][] v) {
        int d = c.headDim();
        double[][] y = new double[q.length][c.queryChannels()];
        for (int t = 0; t < q.length; t++) {
            for (int h = 0; h < c.heads(); h++) {
                int kv = h / (c.heads() / c.kvHeads());
                double[] p = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < d; i++) {
                        score += q[t][h * d + i] * k[s][kv * d + i];
                    }
                    p[s] = Math.exp(score / Math.sqrt(d));
                    total += p[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < d; i++) {
                        y[t][h * d + i] += p[s] / total * v[s][kv * d + i];
                    }
                }
            }
        }
        return y;
    }
}
