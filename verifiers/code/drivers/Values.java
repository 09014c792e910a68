// Stands with a Java program: writes a value as JSON, framed, on standard output (verifiers/code/outside.py).
package k15;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

public final class Values {
    private static final int MOST_DEPTH = 60;

    private Values() { }

    public static void emit(String mark, int call, Object value) {
        StringBuilder frame = new StringBuilder();
        frame.append('\n').append(mark).append(' ').append(call).append('\n');
        try {
            encode(value, frame, 0);
            frame.append('\n').append(mark).append(' ').append(call).append(" end\n");
            System.out.flush();
            new FileOutputStream(FileDescriptor.out).write(frame.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void encode(Object value, StringBuilder out, int depth) throws ReflectiveOperationException {
        if (depth > MOST_DEPTH) {
            out.append("[\"other\",\"\",null]");
        } else if (value == null) {
            out.append("[\"none\",\"null\",null]");
        } else if (value instanceof Boolean) {
            out.append("[\"bool\",\"bool\",").append(value).append(']');
        } else if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            String type = value instanceof Long ? "long" : value instanceof Integer ? "int" : value instanceof Short ? "short" : "byte";
            scalar("int", type, Long.toString(((Number) value).longValue()), out);
        } else if (value instanceof Character) {
            scalar("int", "char", Integer.toString((Character) value), out);
        } else if (value instanceof Float || value instanceof Double) {
            long bits = Double.doubleToRawLongBits(((Number) value).doubleValue());
            scalar("float", value instanceof Float ? "float" : "double", String.format("%016x", bits), out);
        } else if (value instanceof String) {
            StringBuilder hex = new StringBuilder();
            for (char unit : ((String) value).toCharArray()) {
                hex.append(Character.forDigit(unit >> 12, 16)).append(Character.forDigit(unit >> 8 & 15, 16));
                hex.append(Character.forDigit(unit >> 4 & 15, 16)).append(Character.forDigit(unit & 15, 16));
            }
            scalar("text", "String", hex.toString(), out);
        } else if (value instanceof List) {
            items("list", ((List<?>) value).toArray(), out, depth);
        } else if (value instanceof Map) {
            Map<?, ?> map = (Map<?, ?>) value;
            Object[] entries = new Object[2 * map.size()];
            int index = 0;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                entries[index++] = entry.getKey();
                entries[index++] = entry.getValue();
            }
            items("map", entries, out, depth);
        } else if (value instanceof Optional) {
            Optional<?> optional = (Optional<?>) value;
            items("optional", optional.isPresent() ? new Object[] {optional.get()} : new Object[0], out, depth);
        } else if (value.getClass().getName().equals("org.javatuples.Pair")) {
            Class<?> pair = value.getClass();
            Object first = pair.getMethod("getValue0").invoke(value), second = pair.getMethod("getValue1").invoke(value);
            items("tuple", new Object[] {first, second}, out, depth);
        } else {
            out.append("[\"other\",\"\",null]");
        }
    }

    private static void scalar(String kind, String type, String content, StringBuilder out) {
        out.append("[\"").append(kind).append("\",\"").append(type).append("\",\"").append(content).append("\"]");
    }

    private static void items(String kind, Object[] items, StringBuilder out, int depth) throws ReflectiveOperationException {
        out.append("[\"").append(kind).append("\",\"\",[");
        for (int index = 0; index < items.length; index++) {
            if (index > 0) out.append(',');
            encode(items[index], out, depth + 1);
        }
        out.append("]]");
    }
}
