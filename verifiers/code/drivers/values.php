    // Stands behind a PHP program: writes a value as JSON, framed, on standard output (verifiers/code/outside.py).
    $k15_encode = function ($value, $depth) use (&$k15_encode) {
        if ($depth > 60) return '["other","",null]';
        if ($value === null) return '["none","null",null]';
        if (\is_bool($value)) return '["bool","bool",' . ($value ? 'true' : 'false') . ']';
        if (\is_int($value)) return '["int","","' . $value . '"]';
        if (\is_float($value)) return '["float","","' . \bin2hex(\pack('E', $value)) . '"]';
        if (\is_string($value)) return '["text","","' . \bin2hex($value) . '"]';
        if (!\is_array($value)) return '["other","",null]';
        $items = [];
        foreach ($value as $key => $item) {
            $items[] = $k15_encode($key, $depth + 1);
            $items[] = $k15_encode($item, $depth + 1);
        }
        return '["map","",[' . \implode(',', $items) . ']]';
    };
    $k15_emit = function ($mark, $call, $value) use ($k15_encode) {
        echo "\n$mark $call\n", $k15_encode($value, 0), "\n$mark $call end\n";
    };
