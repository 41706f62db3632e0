using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary><c>a: 0 ->> b: 1 ->> c: 2 within W</c> over one key: every 2 with every 1 before it and every 0 before that.</summary>
internal sealed class SkipTillAny(long withinMs) : HandWritten
{
    private readonly List<Tick> _a = [];
    private readonly List<Tick> _b = [];

    public override void OnEvent(Tick e)
    {
        switch (e.Type)
        {
            case "0":
                Drop(_a, e.TimeMs - withinMs);
                _a.Add(e);
                break;
            case "1":
                Drop(_b, e.TimeMs - withinMs);
                _b.Add(e);
                break;
            case "2":
                Drop(_a, e.TimeMs - withinMs);
                Drop(_b, e.TimeMs - withinMs);
                EmitEndingWith(e);
                break;
        }
    }

    private void EmitEndingWith(Tick c)
    {
        foreach (var b in _b)
        {
            foreach (var a in _a)
            {
                if (a.TimeMs >= b.TimeMs)
                    break;
                Emit(a, b, c);
            }
        }
    }

    private static void Drop(List<Tick> ticks, long horizon)
    {
        var expired = 0;
        while (expired < ticks.Count && ticks[expired].TimeMs <= horizon)
            expired++;
        if (expired > 0)
            ticks.RemoveRange(0, expired);
    }
}
