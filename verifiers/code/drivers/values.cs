// Stands behind a C# program: writes a value as JSON, framed, on standard output (verifiers/code/outside.py).
static class K15Values
{
    const int MostDepth = 60;
    const int MostItems = 1000000;

    public static void Emit<T>(string mark, int call, T value)
    {
        var frame = new System.Text.StringBuilder();
        frame.Append('\n').Append(mark).Append(' ').Append(call).Append('\n');
        if (System.Nullable.GetUnderlyingType(typeof(T)) != null)
        {
            object held = value;
            frame.Append("[\"optional\",\"").Append(Name(typeof(T))).Append("\",[");
            if (held != null) Encode(held, frame, 0);
            frame.Append("]]");
        }
        else Encode(value, frame, 0);
        frame.Append('\n').Append(mark).Append(' ').Append(call).Append(" end\n");
        var bytes = System.Text.Encoding.ASCII.GetBytes(frame.ToString());
        System.Console.Out.Flush();
        using (var output = System.Console.OpenStandardOutput())
        {
            output.Write(bytes, 0, bytes.Length);
            output.Flush();
        }
    }

    static string Name(System.Type type)
    {
        if (type == typeof(bool)) return "bool";
        if (type == typeof(char)) return "char";
        if (type == typeof(int)) return "int";
        if (type == typeof(long)) return "long";
        if (type == typeof(float)) return "float";
        if (type == typeof(double)) return "double";
        if (type == typeof(string)) return "string";
        if (type == typeof(object)) return "object";
        var underlying = System.Nullable.GetUnderlyingType(type);
        if (underlying != null) return Name(underlying) + "?";
        if (type.IsArray) return Name(type.GetElementType()) + "[]";
        if (!type.IsGenericType) return "?";
        var names = new System.Collections.Generic.List<string>();
        foreach (var argument in type.GetGenericArguments()) names.Add(Name(argument));
        return type.Name.Substring(0, type.Name.IndexOf('`')) + "<" + string.Join(",", names.ToArray()) + ">";
    }

    static void Encode(object value, System.Text.StringBuilder result, int depth)
    {
        if (depth > MostDepth) { result.Append("[\"other\",\"\",null]"); return; }
        if (value == null) { result.Append("[\"none\",\"null\",null]"); return; }
        var type = value.GetType();
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        if (value is bool) result.Append("[\"bool\",\"bool\",").Append((bool)value ? "true" : "false").Append(']');
        else if (value is char) Scalar("int", "char", ((int)(char)value).ToString(invariant), result);
        else if (value is int || value is long || value is short || value is byte || value is uint || value is ulong)
            Scalar("int", Name(type), System.Convert.ToString(value, invariant), result);
        else if (value is System.Numerics.BigInteger) Scalar("int", "BigInteger", value.ToString(), result);
        else if (value is float || value is double)
        {
            var bits = System.BitConverter.DoubleToInt64Bits(System.Convert.ToDouble(value));
            Scalar("float", Name(type), bits.ToString("x16", invariant), result);
        }
        else if (value is string)
        {
            var hex = new System.Text.StringBuilder();
            foreach (var unit in (string)value) hex.Append(((int)unit).ToString("x4", invariant));
            Scalar("text", "string", hex.ToString(), result);
        }
        else if (value is System.Collections.IDictionary)
        {
            var entries = new System.Collections.Generic.List<object>();
            foreach (System.Collections.DictionaryEntry entry in (System.Collections.IDictionary)value)
            {
                entries.Add(entry.Key);
                entries.Add(entry.Value);
            }
            Items("map", Name(type), entries, result, depth);
        }
        else if (value is System.Collections.IEnumerable)
        {
            var items = new System.Collections.Generic.List<object>();
            foreach (var item in (System.Collections.IEnumerable)value)
            {
                if (items.Count == MostItems) { result.Append("[\"other\",\"\",null]"); return; }
                items.Add(item);
            }
            Items("list", ItemName(type), items, result, depth);
        }
        else if (type.FullName.StartsWith("System.Tuple`"))
        {
            var items = new System.Collections.Generic.List<object>();
            for (var index = 1; index <= type.GetGenericArguments().Length; index++)
            {
                var property = type.GetProperty("Item" + index);
                items.Add(property == null ? null : property.GetValue(value, null));
            }
            Items("tuple", Name(type), items, result, depth);
        }
        else result.Append("[\"other\",\"\",null]");
    }

    // Of the items of a collection, as its static type has it.
    static string ItemName(System.Type type)
    {
        foreach (var one in type.GetInterfaces())
            if (one.IsGenericType && one.GetGenericTypeDefinition() == typeof(System.Collections.Generic.IEnumerable<>))
                return Name(one.GetGenericArguments()[0]);
        return "object";
    }

    static void Scalar(string kind, string type, string content, System.Text.StringBuilder result)
    {
        result.Append("[\"").Append(kind).Append("\",\"").Append(type).Append("\",\"").Append(content).Append("\"]");
    }

    static void Items(
        string kind, string type, System.Collections.Generic.List<object> items, System.Text.StringBuilder result, int depth)
    {
        result.Append("[\"").Append(kind).Append("\",\"").Append(type).Append("\",[");
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0) result.Append(',');
            Encode(items[index], result, depth + 1);
        }
        result.Append("]]");
    }
}
