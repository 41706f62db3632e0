using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary><c>a: A > p -> b: B > p -> c: C > p within W</c>, for several p at once: every A waits for the next B, with it for the next C.</summary>
/// <param name="thresholds">The values of p, ascending.</param>
internal sealed class ThreeSteps(double[] thresholds, long withinMs) : HandWritten
{
    private readonly Dictionary<int, Waiting[]> _keys = [];

    private sealed class Waiting
    {
        public readonly Queue<Tick> ForB = new();
        public readonly Queue<(Tick A, Tick B)> ForC = new();
    }

    public override void OnEvent(Tick e)
    {
        if (e.Price <= thresholds[0] || e.Type is not ("A" or "B" or "C"))
            return;
        if (!_keys.TryGetValue(e.Key, out var all))
        {
            if (e.Type != "A")
                return;
            all = new Waiting[thresholds.Length];
            for (var i = 0; i < all.Length; i++)
                all[i] = new Waiting();
            _keys.Add(e.Key, all);
        }
        for (var i = 0; i < all.Length && e.Price > thresholds[i]; i++)
            Step(all[i], e);
    }

    private void Step(Waiting waiting, Tick e)
    {
        var horizon = e.TimeMs - withinMs;
        while (waiting.ForC.TryPeek(out var oldest) && oldest.A.TimeMs <= horizon)
            waiting.ForC.Dequeue();
        while (waiting.ForB.TryPeek(out var oldest) && oldest.TimeMs <= horizon)
            waiting.ForB.Dequeue();
        switch (e.Type)
        {
            case "A":
                waiting.ForB.Enqueue(e);
                break;
            case "B":
                while (waiting.ForB.TryDequeue(out var a))
                    waiting.ForC.Enqueue((a, e));
                break;
            default:
                while (waiting.ForC.TryDequeue(out var ab))
                    Emit(ab.A, ab.B, e);
                break;
        }
    }
}
