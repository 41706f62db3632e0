using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Cep.Engine.Runtime;
using Cep.Events;

namespace Cep.Cli.Run;

/// <summary>What a user writes behind <c>--restart</c>.</summary>
internal static class RestartArgument
{
    /// <summary>How it is written.</summary>
    public const string Forms = "`none`, `fixed:TIMES,PAUSE`, `exponential:FIRST,MOST` or `rate:FAILURES,INTERVAL,PAUSE`";

    // A run this many times longer than the longest pause counts as one that went well.
    private const int ResetPauses = 10;

    private static readonly TimeSpan PauseMax = TimeSpan.FromDays(24);

    /// <summary>Reads a strategy, such as <c>fixed:3,10s</c>; false when it is none, or a value is out of its range.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RestartStrategy? strategy)
    {
        var (name, values) = text.Split(':', 2) is [var before, var after] ? (before, after.Split(',')) : (text, []);
        strategy = (name, values) switch
        {
            ("none", []) => RestartStrategy.None,
            ("fixed", [var times, var pause]) when Number(times, 0) is { } n && Pause(pause) is { } p => RestartStrategy.FixedDelay(n, p),
            ("exponential", [var first, var most]) when Pause(first) is { } f && f > TimeSpan.Zero && Pause(most) is { } m && m >= f =>
                RestartStrategy.ExponentialDelay(f, m, m * ResetPauses, seed: Environment.ProcessId),
            ("rate", [var failures, var interval, var pause]) when Number(failures, 1) is { } n && Pause(interval) is { } i && i > TimeSpan.Zero && Pause(pause) is { } p =>
                RestartStrategy.FailureRate(n, i, p),
            _ => null,
        };
        return strategy is not null;
    }

    private static int? Number(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null;

    private static TimeSpan? Pause(string text) =>
        DurationText.TryParse(Encoding.UTF8.GetBytes(text), out var ms) && ms >= 0 && ms <= PauseMax.TotalMilliseconds ? TimeSpan.FromMilliseconds(ms) : null;
}
