using Cep.Conditions;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Snapshots;

namespace Cep.Streaming.Throttling;

/// <summary>How what is remembered of alerts lies in a checkpoint.</summary>
internal static class ThrottleFormat
{
    public static void Write(ThrottleMemory memory, EventBinaryOutput output)
    {
        output.Unsigned((ulong)memory.Counts.Count);
        foreach (var (rule, counts) in memory.Counts)
        {
            output.String(rule);
            output.Long(counts.Suppressed);
            output.Long(counts.Limited);
        }
        output.Unsigned((ulong)memory.Periods.Count);
        foreach (var ((rule, clause), periods) in memory.Periods)
        {
            output.String(rule);
            output.String(clause.By);
            output.Long(clause.ForMs);
            Write(periods, output);
        }
        output.Unsigned((ulong)memory.Windows.Count);
        foreach (var ((rule, limit), window) in memory.Windows)
        {
            output.String(rule);
            output.Unsigned((ulong)limit.Count);
            output.Long(limit.PerMs);
            output.Long(window.Limited);
            output.Unsigned((ulong)window.Told.Count);
            foreach (var timeMs in window.Told)
                output.Long(timeMs);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no such memory.</exception>
    public static ThrottleMemory Read(EventBinaryInput input)
    {
        var memory = new ThrottleMemory();
        for (var left = input.Number(input.Left, "number of rules with alerts"); left > 0; left--)
            memory.Counts.Add(input.String(), new ThrottleCounts(input.Long(), input.Long()));
        for (var left = input.Number(input.Left, "number of suppressions"); left > 0; left--)
        {
            var (rule, clause) = (input.String(), new SuppressClause(input.String(), input.Long()));
            memory.Periods.Add((rule, clause), ReadPeriods(clause, input));
        }
        for (var left = input.Number(input.Left, "number of limits"); left > 0; left--)
        {
            var (rule, limit) = (input.String(), new AlertLimit(input.Number(AlertLimit.MostAlerts, "limit of alerts"), input.Long()));
            memory.Windows.Add((rule, limit), ReadWindow(limit, input));
        }
        return memory;
    }

    private static void Write(SuppressPeriods periods, EventBinaryOutput output)
    {
        output.Unsigned((ulong)periods.Count);
        foreach (var (values, beginMs, suppressed) in periods.Remembered)
        {
            output.Unsigned((ulong)values.Length);
            foreach (var value in values)
                Write(value, output);
            output.Long(beginMs);
            output.Long(suppressed);
        }
    }

    private static SuppressPeriods ReadPeriods(SuppressClause clause, EventBinaryInput input)
    {
        var periods = new SuppressPeriods(clause.ForMs);
        for (var left = input.Number(input.Left, "number of periods"); left > 0; left--)
        {
            var values = new object?[input.Number(input.Left, "number of values")];
            for (var i = 0; i < values.Length; i++)
                values[i] = ReadValue(input);
            periods.Add(values, input.Long(), input.Long());
        }
        return periods;
    }

    private static LimitWindow ReadWindow(AlertLimit limit, EventBinaryInput input)
    {
        var window = new LimitWindow(limit);
        var limited = input.Long();
        var told = new long[input.Number(input.Left, "number of alerts")];
        for (var i = 0; i < told.Length; i++)
            told[i] = input.Long();
        window.GoOnFrom(limited, told);
        return window;
    }

    /// <summary>A value of an expression with its kind before it; 0 for null. Times and durations are whole numbers here.</summary>
    private static void Write(object? value, EventBinaryOutput output)
    {
        ValueKind? kind = value switch
        {
            null => null,
            bool => ValueKind.Bool,
            double => ValueKind.Double,
            decimal => ValueKind.Decimal,
            string => ValueKind.String,
            _ => ValueKind.Long,
        };
        output.Byte((byte)(kind is { } k ? (int)k + 1 : 0));
        if (kind is { } known)
            ValueFormat.Write(known, value!, output);
    }

    private static object? ReadValue(EventBinaryInput input) =>
        input.Number((int)ValueKind.Duration + 1, "kind of a value") is > 0 and var kind ? ValueFormat.Read((ValueKind)(kind - 1), input) : null;
}
