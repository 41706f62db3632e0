using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.ByHand;

/// <summary><c>price > p</c></summary>
internal sealed class Above(double price) : HandWritten
{
    public override void OnEvent(Tick e)
    {
        if (e.Price > price)
            Emit(e);
    }
}
