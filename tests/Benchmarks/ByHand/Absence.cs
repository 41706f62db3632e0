using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary><c>a: A > p -> not b: B within W</c>: all deadlines are equally far away, so one queue holds them in order.</summary>
internal sealed class Absence(double above, long withinMs) : HandWritten
{
    private readonly Dictionary<int, Queue<Pending>> _keys = [];
    private readonly Queue<Pending> _deadlines = new();

    private sealed class Pending(Tick a)
    {
        public readonly Tick A = a;
        public bool IsOff;
    }

    public override void OnEvent(Tick e)
    {
        AdvanceTo(e.TimeMs);
        if (e.Type == "B")
        {
            if (!_keys.TryGetValue(e.Key, out var pending))
                return;
            while (pending.TryDequeue(out var a))
                a.IsOff = true;
        }
        else if (e.Price > above && e.Type == "A")
        {
            if (!_keys.TryGetValue(e.Key, out var pending))
                _keys.Add(e.Key, pending = new Queue<Pending>());
            var a = new Pending(e);
            pending.Enqueue(a);
            _deadlines.Enqueue(a);
        }
    }

    public override void AdvanceTo(long timeMs)
    {
        while (_deadlines.TryPeek(out var next) && next.A.TimeMs + withinMs <= timeMs)
        {
            _deadlines.Dequeue();
            if (next.IsOff)
                continue;
            _keys[next.A.Key].Dequeue();
            Emit(next.A);
        }
    }
}
