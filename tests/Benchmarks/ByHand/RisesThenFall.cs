using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary>
/// <c>a: A > p -> rise{3,}: price > last(rise.price, a.price) -> c: C and price &lt; a.price within W</c>, greedy. Each time three or more
/// prices have risen, the next fitting C is a match; the climb goes on meanwhile, and after a further rise another C can match.
/// </summary>
internal sealed class RisesThenFall(double above, long withinMs) : HandWritten
{
    private const int LeastRises = 3;

    private readonly Dictionary<int, List<Climb>> _keys = [];

    private sealed class Climb(Tick a)
    {
        public readonly Tick A = a;
        public readonly List<Tick> Rises = [];
        public double Last = a.Price;
        public bool WaitsForFall;
    }

    public override void OnEvent(Tick e)
    {
        var isBegin = e.Price > above && e.Type == "A";
        if (!_keys.TryGetValue(e.Key, out var climbs))
        {
            if (!isBegin)
                return;
            _keys.Add(e.Key, climbs = []);
        }
        DropExpired(climbs, e.TimeMs - withinMs);
        foreach (var climb in climbs)
            Step(climb, e);
        if (isBegin)
            climbs.Add(new Climb(e));
    }

    private static void DropExpired(List<Climb> climbs, long horizon)
    {
        var expired = 0;
        while (expired < climbs.Count && climbs[expired].A.TimeMs <= horizon)
            expired++;
        if (expired > 0)
            climbs.RemoveRange(0, expired);
    }

    private void Step(Climb climb, Tick e)
    {
        if (e.Price > climb.Last)
        {
            climb.Last = e.Price;
            climb.Rises.Add(e);
            climb.WaitsForFall = climb.Rises.Count >= LeastRises;
        }
        else if (climb.WaitsForFall && e.Price < climb.A.Price && e.Type == "C")
        {
            climb.WaitsForFall = false;
            Emit([climb.A, .. climb.Rises, e]);
        }
    }
}
