using System.Globalization;
using System.Text.Json;

namespace Cep.Streaming.Tests.Throttling;

/// <summary>A clause <c>suppress</c>, as the naive throttle reads it.</summary>
internal sealed record NaiveSuppress(string By, long ForMs);

/// <summary>A clause <c>limit</c>.</summary>
internal sealed record NaiveLimit(int Count, long PerMs);

/// <summary>The clauses as rule text.</summary>
internal static class ThrottleClauses
{
    public static string TextOf(NaiveSuppress? suppress, NaiveLimit? limit) =>
        $"{(suppress is null ? "" : $"suppress by {suppress.By} for {suppress.ForMs}ms")} {(limit is null ? "" : $"limit {limit.Count} per {limit.PerMs}ms")}";
}

/// <summary>What <c>suppress</c> and <c>limit</c> leave of the alerts of one rule, straight from their meaning: each alert looks at all that came before it.</summary>
internal sealed class NaiveThrottle
{
    private readonly List<(long AtMs, string Values, bool IsTold, bool IsSuppressed)> _alerts = [];
    private NaiveSuppress? _suppress;
    private NaiveLimit? _limit;

    /// <summary>No clause of the tests looks back further.</summary>
    private const long LooksBackMs = 5_000;

    /// <summary>Where the history that counts begins: a clause that changes begins anew.</summary>
    private int _suppressFrom;
    private int _limitFrom;
    private int _recentFrom;

    public int Suppressed => _alerts.Count(a => a.IsSuppressed);

    public int Limited => _alerts.Count(a => !a.IsTold && !a.IsSuppressed);

    /// <summary>From here on these clauses hold.</summary>
    public void Change(NaiveSuppress? suppress, NaiveLimit? limit)
    {
        if (suppress != _suppress)
            _suppressFrom = _alerts.Count;
        if (limit != _limit)
            _limitFrom = _alerts.Count;
        (_suppress, _limit) = (suppress, limit);
    }

    /// <summary>The line of an alert as it is told; null where it is not.</summary>
    public string? Tell(string line)
    {
        var alert = JsonDocument.Parse(line).RootElement;
        var atMs = MsOf(alert.GetProperty("detected").GetString()!);
        while (_recentFrom < _alerts.Count && _alerts[_recentFrom].AtMs <= atMs - LooksBackMs)
            _recentFrom++;
        var values = _suppress is null ? "" : string.Join(' ', _suppress.By.Split(", ").Select(name => ValueOf(alert, name)));
        var same = _alerts.Skip(Math.Max(_suppressFrom, _recentFrom)).Where(a => a.Values == values).ToList();
        var isSuppressed = _suppress is not null && same.Exists(a => a.IsTold && atMs < a.AtMs + _suppress.ForMs);
        var isLimited = !isSuppressed && _limit is not null && _alerts.Skip(Math.Max(_limitFrom, _recentFrom)).Count(a => a.IsTold && a.AtMs > atMs - _limit.PerMs) >= _limit.Count;
        var lastSame = same.FindLastIndex(a => a.IsTold);
        var last = _alerts.FindLastIndex(a => a.IsTold);
        var suppressed = _suppress is null || lastSame < 0 || atMs >= same[lastSame].AtMs + 2 * _suppress.ForMs ? 0 : same.Skip(lastSame).Count(a => a.IsSuppressed);
        var limited = _limit is null ? 0 : _alerts.Skip(Math.Max(last + 1, _limitFrom)).Count(a => !a.IsTold && !a.IsSuppressed);
        _alerts.Add((atMs, values, !isSuppressed && !isLimited, isSuppressed));
        return isSuppressed || isLimited ? null
            : $"{line[..^1]}{(suppressed == 0 ? "" : $",\"suppressed\":{suppressed}")}{(limited == 0 ? "" : $",\"limited\":{limited}")}}}";
    }

    public static long MsOf(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string ValueOf(JsonElement alert, string name) =>
        alert.GetProperty("measures").TryGetProperty(name, out var measure) ? measure.GetRawText() : alert.GetProperty("key")[0].GetRawText();
}
