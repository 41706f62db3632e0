using Cep.Engine.Connectors;
using Cep.Engine.Streams;
using Cep.Engine.Time;

static class WordCount
{
    static readonly string[] Lines = ["to be or not to be", "that is the question"];

    public static void Run(TextWriter console)
    {
        var environment = new StreamEnvironment();
        var source = new MemorySource<string>("lines", Lines, line => 0, WatermarkStrategy.Monotonous);
        var sink = new MemorySink<Count>();
        environment.From(source)
            .FlatMap<Count>((line, words) =>
            {
                foreach (var word in line.Split(' ')) words.Emit(new Count(word, 1));
            })
            .KeyBy(count => count.Word)
            .Reduce((sum, one) => sum with { Number = sum.Number + one.Number }).Uid("sums")
            .To(sink);
        environment.Run();
        foreach (var (word, number) in sink.Values) console.WriteLine($"{word} {number}");
    }

    record Count(string Word, int Number);
}
