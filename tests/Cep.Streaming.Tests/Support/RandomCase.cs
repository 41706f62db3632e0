using System.Text;

namespace Cep.Streaming.Tests.Support;

/// <summary>Random rules over two streams with several keys, and random events for them; the same for the same seed.</summary>
internal sealed class RandomCase
{
    private const int DelayMs = 200;

    private static readonly string[] Keys =
    [
        "from s, t", "from s key k, t key k", "from s key g, t key g", "from s key (k, g), t key (k, g)", "from s key k where n > 2, t key k",
        "from s key f, t key f", "from s key u, t key k",
    ];

    private readonly Random _random;
    private readonly bool _isRich;

    /// <summary>Draws what calls rules off, apart from the rest.</summary>
    private readonly Random _unless;

    /// <param name="seed">Tells cases apart.</param>
    /// <param name="events">How many events.</param>
    /// <param name="isRich">Whether rules also bound their partial matches, which may fail them, and the gaps between events.</param>
    public RandomCase(int seed, int events = 3_000, bool isRich = false)
    {
        _random = new Random(seed);
        _isRich = isRich;
        _unless = new Random(~seed);
        var text = new StringBuilder();
        foreach (var stream in new[] { "s", "t" })
            text.AppendLine($"stream {stream} {{ k string? g long f double u string letter string n long? ts timestamp watermark for ts delay {DelayMs}ms }}");
        var rules = _random.Next(2, 6);
        for (var i = 0; i < rules; i++)
            text.AppendLine(Rule("r" + i));
        RuleText = text.ToString();
        Events = Enumerable.Range(0, events).Select(i => Event(5L * i - _random.Next(DelayMs))).ToList();
    }

    public string RuleText { get; }

    /// <summary>JSON lines with their times, in order of arrival; none is late.</summary>
    public IReadOnlyList<(long TimeMs, string Json)> Events { get; }

    private string Rule(string name)
    {
        var steps = new StringBuilder("a0" + Quantifier(0) + Condition());
        var count = _random.Next(2, 5);
        for (var i = 1; i < count; i++)
        {
            var isLast = i == count - 1;
            var isNot = _random.Next(5) == 0 && !(steps.ToString().Split("->")[^1].Contains('?') || steps.ToString().Split("=>")[^1].Contains('?'));
            var link = isNot ? Pick("->", "=>") : Pick("->", "->", "=>", "->>");
            steps.Append($" {link} {(isNot ? "not " : "")}a{i}{(isNot || isLast ? "" : Quantifier(i))}{Condition()}");
            if (isNot && !isLast)
                steps.Append($" -> a{++i}{Condition()}");
        }
        var skip = Pick("", "skip none", "skip to next", "skip past last", "skip to last a0");
        var from = Pick(Keys);
        var who = from.Contains("key") ? ", who = key()" : "";
        var emit = Pick("", $"emit alert {{ many = count(a0), total = sum(a0.n), due = deadline(){who} }}");
        var within = $"within {_random.Next(50, 400)}ms";
        if (_isRich)
            (within, skip) = (within + Pick("", "", " gap"), $"{skip} {Pick("", "", "partials 4 per key on overflow drop_oldest", "partials 3 per key on overflow drop_newest", "partials 40 per key on overflow fail")}");
        if (within.EndsWith("gap", StringComparison.Ordinal))
            emit = emit.Replace("due = deadline()", "due = first(a0.n)", StringComparison.Ordinal);
        return $"rule {name} {{ {from} match {steps} {within} {skip} {Unless()} {emit} }}";
    }

    private string Unless() => _unless.Next(4) switch
    {
        0 => $"unless {"st"[_unless.Next(2)]} where n > {_unless.Next(6, 9)}",
        1 when _isRich => $"unless {"st"[_unless.Next(2)]} where letter == \"{"ABC"[_unless.Next(3)]}\"",
        _ => "",
    };

    private string Quantifier(int step) => step == 0 ? Pick("", "", "{2}", "{1,3}?") : Pick("", "", "", "{2}", "?", "{1,2}", "+");

    private string Condition()
    {
        var stream = Pick("s", "t");
        return Pick($": {stream}", $": {stream} where letter == \"{Letter()}\"", $": {stream} where letter == \"{Letter()}\"", $": {stream} where n > {_random.Next(8)}");
    }

    private (long, string) Event(long timeMs) => (timeMs,
        $"{{\"$stream\":\"{Pick("s", "t")}\",\"k\":{(_random.Next(20) == 0 ? "null" : $"\"k{_random.Next(5)}\"")},\"g\":{_random.Next(3)},"
        + $"\"f\":{_random.Next(4)}.5,\"u\":\"k{_random.Next(5)}\",\"letter\":\"{Letter()}\",\"n\":{(_random.Next(10) == 0 ? "null" : _random.Next(10))},\"ts\":{timeMs}}}");

    private char Letter() => "ABC"[_random.Next(3)];

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
