using Cep.Cli.Run;
using Cep.Events;
using Cep.Patterns;
using Cep.Rules;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliInputTests
{
    /// <summary>A machine with these files, some of which name their streams.</summary>
    private sealed record Disk(params string[] Files) : InputFacts
    {
        public override bool IsFile(string path) => Files.Contains(path);

        public override bool IsFolder(string path) => path == "folder";

        public override bool NamesStreams(string path) => path.StartsWith("mixed", StringComparison.Ordinal);
    }

    private static RuleSet Set(params string[] streams)
    {
        var definitions = streams.Select(Stream).ToList();
        var pattern = new Pattern { Steps = [new EventStep { Name = "a" }] };
        return new RuleSet(definitions, [new Rule { Name = "r", Inputs = definitions.Select(s => new RuleInput(s, [], null)).ToList(), Pattern = pattern }]);
    }

    private static StreamDefinition Stream(string name)
    {
        var type = new EventTypeBuilder(name.TrimEnd('!')).Field("ts", FieldType.Timestamp).Build();
        return new StreamDefinition(type, name.EndsWith('!') ? null : new EventTime(type.Fields[0], 0));
    }

    public static TheoryData<string, string, string> Meant => new()
    {
        // streams, argument, what it means
        { "auths orders", "auths=a.csv", "auths a.csv csv" },
        { "auths orders", "orders=a.csv.gz", "orders a.csv.gz csv" },
        { "auths orders", "`auths`=a.txt", "auths a.txt json" },
        { "auths orders", "in/auths.jsonl", "auths in/auths.jsonl json" },
        { "auths orders", "in/orders.CSV.GZ", "orders in/orders.CSV.GZ csv" },
        { "auths orders", "auths", "auths auths json" },
        { "auths orders", "mixed.jsonl", "each line's mixed.jsonl json" },
        { "auths orders", "-", "each line's - json" },
        { "auths orders", "orders=-", "orders - json" },
        { "auths", "whatever.ndjson", "auths whatever.ndjson json" },
        { "auths", "mixed.jsonl", "auths mixed.jsonl json" },
        { "auths", "-", "auths - json" },
        { "auths", "k=v.jsonl", "auths k=v.jsonl json" },
        { "auths", "in/k=w.jsonl", "auths in/k=w.jsonl json" },
    };

    [Theory]
    [MemberData(nameof(Meant))]
    public void An_input_means(string streams, string argument, string expected)
    {
        var disk = new Disk("a.csv", "a.csv.gz", "a.txt", "in/auths.jsonl", "in/orders.CSV.GZ", "auths", "mixed.jsonl", "whatever.ndjson", "k=v.jsonl", "in/k=w.jsonl");
        var resolver = new InputResolver(Set(streams.Split(' ')), disk);

        var input = Assert.Single(resolver.Resolve([argument]));

        Assert.Empty(resolver.Problems);
        Assert.Equal(expected, $"{input.Stream ?? "each line's"} {input.Path} {(input.IsCsv ? "csv" : "json")}");
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "auths", "b.jsonl", "There is no file `b.jsonl`." },
        { "auths", "auths=b.jsonl", "There is no file `b.jsonl`." },
        { "auths", "auths=", "An input needs a file: [STREAM=]FILE." },
        { "auths", "folder", "`folder` is a folder; an input is a file. For all files in it, write `folder/*`." },
        { "auths orders", "auhts=a.csv", "There is no stream `auhts`; did you mean `auths`?" },
        { "auths orders", "zebras=a.csv", "There is no stream `zebras`; the rules declare `auths` and `orders`." },
        { "auths orders parcels", "a.csv", "Nothing says which stream `a.csv` holds: write STREAM=a.csv, where STREAM is `auths`, `orders` or `parcels`." },
        { "auths clicks!", "mixed.jsonl", "`mixed.jsonl` cannot hold streams in processing time (`clicks`) and in event time together; write STREAM=mixed.jsonl." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_input_is_refused(string streams, string argument, string expected)
    {
        var resolver = new InputResolver(Set(streams.Split(' ')), new Disk("a.csv", "mixed.jsonl"));

        Assert.Empty(resolver.Resolve([argument]));
        Assert.Equal([expected], resolver.Problems);
    }

    [Fact]
    public void Standard_input_is_read_once()
    {
        var resolver = new InputResolver(Set("auths"), new Disk());
        resolver.Resolve(["-", "auths=-"]);

        Assert.Equal(["Standard input, `-`, can be given once only."], resolver.Problems);
    }

    [Fact]
    public void A_stream_that_a_rule_reads_and_no_input_gives_is_told()
    {
        var resolver = new InputResolver(Set("auths", "orders"), new Disk("auths.csv"));

        Assert.Equal(["No input gives the stream `orders`, which `r` reads."], resolver.StreamsWithoutInput(resolver.Resolve(["auths.csv"])));
    }

    [Fact]
    public void An_input_whose_lines_name_their_streams_may_give_every_one()
    {
        var resolver = new InputResolver(Set("auths", "orders"), new Disk());

        Assert.Empty(resolver.StreamsWithoutInput(resolver.Resolve(["-"])));
    }
}
