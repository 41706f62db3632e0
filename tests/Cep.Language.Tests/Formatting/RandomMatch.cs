namespace Cep.Language.Tests.Formatting;

/// <summary>Writes random <c>match</c> clauses over the streams of the tests, with every construct of patterns and expressions. Some break a rule of patterns.</summary>
internal sealed class RandomMatch(SplitMix64 random)
{
    private readonly List<string> _readable = [];
    private int _steps;

    /// <summary>A clause.</summary>
    public string Next()
    {
        _readable.Clear();
        _steps = 0;
        var sequence = Sequence(depth: 0);
        var within = random.Of("10m", "1h30m", "2d", "500ms", "forever", "5m gap");
        var skip = random.Of("", "", " skip none", " skip to next", " skip past last", $" skip to first {Name(0)}", $" skip to last {Name(0)}");
        return $"{sequence} within {within}{skip}";
    }

    private static string Name(int index) => (index % 5) switch
    {
        3 => $"`step {index}`",
        4 => index == 4 ? "`not`" : $"where{index}",
        _ => $"s{index}",
    };

    private string Sequence(int depth)
    {
        var text = "";
        for (var i = 0; i == 0 || !random.OneIn(3); i++)
            text += (i == 0 ? "" : random.Of(" -> ", " -> ", " => ", " ->> ")) + Step(depth, isFirst: i == 0);
        return text;
    }

    private string Alternatives(int depth)
    {
        var text = Sequence(depth);
        while (random.OneIn(3))
            text += " | " + Sequence(depth);
        return text;
    }

    /// <summary>Steps of which no condition reads an event.</summary>
    private string AbsentSteps()
    {
        var text = "";
        for (var i = 0; i == 0 || random.OneIn(2); i++)
            text += (i == 0 ? "" : random.Of(" -> ", " => ", " ->> ", " | ")) + $"{Name(_steps++)}{random.Of("", "", "{2}", "+?")}: auths where {random.Of("approved", "amount > 5", "merchant is null")}";
        return text;
    }

    private string Step(int depth, bool isFirst)
    {
        if (depth < 3 && random.OneIn(5))
            return $"( {Alternatives(depth + 1)} ){random.Of("", "?", "*", "+", "{2}", "{2,4}", "{3,}", "{2,} consecutive", "+ any", "{2} in 20s")}";
        if (!isFirst && random.OneIn(12))
            return $"not ( {AbsentSteps()} ){random.Of("", " in 30s")}";
        var name = Name(_steps++);
        if (!isFirst && random.OneIn(6))
            return $"not {name}{random.Of("", "", " in 30s")}: {Source(name, isLoop: false)}";
        if (random.OneIn(8))
            return $"( {name}{random.Of("{2,}?", "{2,5}?", "{3}", "{2,} until (approved)", "{2}")}: {Source(name, isLoop: true, isAuths: true)} )?";
        var loop = random.Of("{3}", "{2,5}", "{2,5}?", "{,4}", "+", "+?", "*", "*?", "{2,}");
        var quantifier = random.Below(4) switch
        {
            0 => random.Of("?", "{1}", " in 1m", "? in 1m"),
            1 => loop + random.Of("", "", " consecutive", " any", " in 10s", " any in 1m30s"),
            2 => random.Of("+", "*", "{2,}?", "+?") + random.Of("", " consecutive") + $" until ({Condition(2, null)})",
            _ => "",
        };
        var isUntil = quantifier.Contains("until", StringComparison.Ordinal);
        return $"{name}{quantifier}: {Source(name, isLoop: isUntil || quantifier.StartsWith(loop, StringComparison.Ordinal), isAuths: isUntil)}";
    }

    private string Source(string name, bool isLoop, bool isAuths = false)
    {
        if (!isAuths && random.OneIn(6))
            return random.Of("orders where status == 'paid' or status in ('new', \"o\\\"pen\\n\\u{1}\")", "shipments", "shipments where weight * 2 >= 1e3 or weight / 0.0 > 0.0");
        var where = random.OneIn(4) ? "auths" : $"auths where {Condition(3, isLoop ? name : null)}";
        _readable.Add(name);
        return where;
    }

    private string Condition(int depth, string? loop) => random.Below(depth == 0 ? 6 : 12) switch
    {
        0 => random.Of("approved", "not approved", "true", "merchant is null", "merchant is not null"),
        1 => $"{Number(0, loop)} {random.Of("==", "!=", "<", "<=", ">", ">=")} {Number(1, loop)}",
        2 => $"merchant {random.Of("contains", "startswith", "not endswith", "like", "not matches")} {random.Of("'a'", "'%x'", "\"\\\\d+\"", "'ż'")}",
        3 => $"ts {random.Of(">", "==")} {random.Of("'2026-01-05T10:00:00.25Z'", "now() - 1h30m", "ts + 2 * 5s", "coalesce(null, ts, '2026-01-05')")}",
        4 => $"{Field(loop)} {random.Of("in", "not in")} ({Number(0, loop)}, {random.Of("1", "2.5", "100", "-3")}, {Number(0, loop)})",
        5 => $"date_diff('hour', {random.Of("ts", "'2026-01-05'")}, ts) > hour(ts)",
        6 => $"{Condition(depth - 1, loop)} and {Condition(depth - 1, loop)} and {Condition(depth - 1, loop)}",
        7 => $"({Condition(depth - 1, loop)}) or {Condition(depth - 1, loop)}",
        8 => $"not ({Condition(depth - 1, loop)})",
        9 => $"if {Condition(depth - 1, loop)} then {Condition(depth - 1, loop)} else ({Condition(depth - 1, loop)})",
        10 => $"({Condition(depth - 1, loop)}) == ({Condition(depth - 1, loop)})",
        _ => $"{Field(loop)} between {Number(depth - 1, loop)} and {Number(depth - 1, loop)}",
    };

    private string Number(int depth, string? loop) => random.Below(depth <= 0 ? 5 : 11) switch
    {
        0 => random.Of("0", "1", "100", "7_000", "-2", "9223372036854775807"),
        1 => random.Of("0.5", "2.00", "1e3", "100.0", "-0.25", "1.0", "12345678901234567890.5"),
        2 or 3 => Field(loop),
        4 => random.Of("amount", "score", "tries"),
        5 => $"({Number(depth - 1, loop)} {random.Of("+", "-", "*")} {Number(depth - 1, loop)})",
        6 => $"{Number(depth - 1, loop)} {random.Of("+", "-", "*", "/", "%")} {Field(loop)}",
        7 => $"{random.Of("greatest", "least", "coalesce")}({Number(depth - 1, loop)}, {Number(depth - 1, loop)}, {Field(loop)})",
        8 => $"(if approved then {Number(depth - 1, loop)} else {Number(depth - 1, loop)})",
        9 => $"{random.Of("abs", "sqrt", "round", "floor")}({Number(depth - 1, loop)})",
        _ => $"-({Field(loop)} * {Number(depth - 1, loop)})",
    };

    /// <summary>A number of the candidate, or of a step that may be read.</summary>
    private string Field(string? loop)
    {
        List<string> steps = loop is null ? _readable : [.. _readable, loop];
        var field = random.Of("amount", "score", "tries");
        if (steps.Count == 0 || random.OneIn(3))
            return field;
        var step = random.Of<string>(steps);
        return random.Of($"{step}.{field}", $"first({step}.{field})", $"{step}[-2].{field}", $"last({step}.{field}, 10)", $"count({step})", $"avg({step}.{field})",
            $"sum({step}.{field})", $"max({step}.{field})", $"stddev({step}.{field})", $"distinct({step}.merchant)");
    }
}
