package omni.golden;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import omni.engine.Tensor;

/** Numbers of a tensor in row-major order, whole or real; the common ground of expected and actual values. */
public sealed interface Values {
    int size();

    double get(int i);

    /** Equality without a detour through another type. */
    boolean equalAt(int i, Values other);

    String text(int i);

    /** Whole numbers. */
    final class Whole implements Values {
        private final long[] data;

        Whole(long[] data) {
            this.data = data;
        }

        /** The numbers themselves, not a copy. */
        long[] data() {
            return data;
        }

        @Override
        public int size() {
            return data.length;
        }

        @Override
        public double get(int i) {
            return data[i];
        }

        @Override
        public boolean equalAt(int i, Values other) {
            return other instanceof Whole whole ? data[i] == whole.data[i] : data[i] == other.get(i);
        }

        @Override
        public String text(int i) {
            return Long.toString(data[i]);
        }

        static Whole of(int[] ints) {
            long[] out = new long[ints.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = ints[i];
            }
            return new Whole(out);
        }
    }

    /** Real numbers. */
    final class Real implements Values {
        private final double[] data;

        Real(double[] data) {
            this.data = data;
        }

        /** The numbers themselves, not a copy. */
        double[] data() {
            return data;
        }

        @Override
        public int size() {
            return data.length;
        }

        @Override
        public double get(int i) {
            return data[i];
        }

        @Override
        public boolean equalAt(int i, Values other) {
            return data[i] == other.get(i) || (Double.isNaN(data[i]) && Double.isNaN(other.get(i)));
        }

        @Override
        public String text(int i) {
            return Double.toString(data[i]);
        }

        static Real of(float[] floats) {
            double[] out = new double[floats.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = floats[i];
            }
            return new Real(out);
        }
    }

    /** The values of a stored tensor. */
    static Values of(Tensor tensor) {
        int n = Math.toIntExact(tensor.elements());
        MemorySegment data = tensor.data();
        return switch (tensor.type()) {
            case I64, I32, I16, I8, U8, BOOL -> {
                long[] out = new long[n];
                for (int i = 0; i < n; i++) {
                    out[i] = whole(tensor, data, i);
                }
                yield new Whole(out);
            }
            case F64, F32 -> {
                double[] out = new double[n];
                for (int i = 0; i < n; i++) {
                    out[i] = tensor.type().bits() == 64 ? data.get(F64, 8L * i) : data.get(F32, 4L * i);
                }
                yield new Real(out);
            }
            default -> throw new IllegalArgumentException("golden tensor of a type that none had so far: " + tensor);
        };
    }

    ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static long whole(Tensor tensor, MemorySegment data, int i) {
        return switch (tensor.type()) {
            case I64 -> data.get(I64, 8L * i);
            case I32 -> data.get(I32, 4L * i);
            case I16 -> data.get(I16, 2L * i);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
            default -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, i));
        };
    }
}
