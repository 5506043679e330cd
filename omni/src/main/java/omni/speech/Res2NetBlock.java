package omni.speech;

import java.util.List;
import omni.engine.Matrix;
import omni.kernels.Elementwise;

/**
 * A convolution of many scales in one layer (Gao et al., "Res2Net", 2019, section 3.1): channels are split into parts, and each part
 * also sees what the one before has become: {@code y_0 = x_0, y_1 = L_1(x_1), y_i = L_i(x_i + y_(i-1))}.
 *
 * @param layers for every part but the first
 */
record Res2NetBlock(List<TimeDelayLayer> layers) {
    /**
     * @param x [C, T], overwritten
     * @param y [C, T], written; must not overlap x
     */
    void forward(Matrix x, Matrix y, SpeakerEncoderWorkspace ws) {
        int width = x.rows() / (layers.size() + 1);
        ws.rows(width, c -> Elementwise.copy(x.data(), x.rowOffset(c), y.data(), y.rowOffset(c), x.cols()));
        for (int i = 1; i <= layers.size(); i++) {
            Matrix part = x.rows(i * width, (i + 1) * width);
            if (i > 1) {
                add(y.rows((i - 1) * width, i * width), part, ws);
            }
            layers.get(i - 1).forward(part, y.rows(i * width, (i + 1) * width), ws);
        }
    }

    private static void add(Matrix from, Matrix to, SpeakerEncoderWorkspace ws) {
        ws.rows(to.rows(), c -> {
            long row = to.rowOffset(c);
            Elementwise.add(from.data(), from.rowOffset(c), to.data(), row, to.data(), row, to.cols());
        });
    }
}
