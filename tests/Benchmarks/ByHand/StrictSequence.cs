using System.Runtime.InteropServices;
using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary><c>a: A => b: B => c: C</c>: three neighbours of one key.</summary>
internal sealed class StrictSequence : HandWritten
{
    private readonly Dictionary<int, (Tick? A, Tick? B)> _keys = [];

    public override void OnEvent(Tick e)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, e.Key, out _);
        if (e.Type == "C" && last.B is { } b)
            Emit(last.A!, b, e);
        last = e.Type switch
        {
            "A" => (e, null),
            "B" when last is { A: { } a, B: null } => (a, e),
            _ => default,
        };
    }
}
