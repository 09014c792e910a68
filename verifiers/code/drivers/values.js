  // Stands behind a JavaScript or TypeScript program: writes a value as JSON, framed, on standard output
  // (verifiers/code/outside.py).
  const k15_text = (text) => {
    let hex = "";
    for (let index = 0; index < text.length; index++) hex += text.charCodeAt(index).toString(16).padStart(4, "0");
    return hex;
  };
  const k15_bits = (number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, number);
    return view.getUint32(0).toString(16).padStart(8, "0") + view.getUint32(4).toString(16).padStart(8, "0");
  };
  // Only the strict comparisons look at it: whether it is an array or object of the usual sort, not of a class.
  const k15_class = (value, usual) => (Object.getPrototypeOf(value) === usual ? "" : "class");
  const k15_encode = (value, depth) => {
    if (depth > 60) return ["other", "", null];
    if (value === undefined || value === null) return ["none", String(value), null];
    switch (typeof value) {
      case "boolean": return ["bool", "bool", value];
      case "number": return ["float", "number", k15_bits(value)];
      case "bigint": return ["int", "", String(value)];
      case "string": return ["text", "", k15_text(value)];
      case "object": break;
      default: return ["other", "", null];
    }
    if (Array.isArray(value)) {
      const items = [];
      for (let index = 0; index < value.length; index++)
        items.push(index in value ? k15_encode(value[index], depth + 1) : ["hole", "", null]);
      return ["list", k15_class(value, Array.prototype), items];
    }
    if (Object.prototype.toString.call(value) !== "[object Object]") return ["other", "", null];
    const entries = [];
    for (const key of Object.keys(value)) entries.push(["text", "", k15_text(key)], k15_encode(value[key], depth + 1));
    return ["map", k15_class(value, Object.prototype), entries];
  };
  const k15_emit = (mark, call, value) => {
    const head = mark + " " + call;
    const frame = "\n" + head + "\n" + JSON.stringify(k15_encode(value, 0)) + "\n" + head + " end\n";
    globalThis["process"].stdout.write(frame);
  };
