using System.Text;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

public class RuleJobTests
{
    private const string Shop = """
        stream orders { id string total decimal? ts timestamp watermark for ts delay 10s }
        stream parcels { ref string? ts timestamp watermark for ts delay 0s }
        rule shipped { from orders key id, parcels key ref match o: orders -> p: parcels within 1h emit alert { total = o.total } }

        """;

    [Fact]
    public void Events_of_several_streams_in_one_input_name_their_stream()
    {
        var patterns = Compiled.Patterns(Shop);
        var run = new JobRun(patterns, [JobRun.Json(patterns, """
            {"$stream":"orders","id":"a","total":5,"ts":1000}
            {"ref":"a","ts":2000,"$stream":"parcels"}
            {"ref":"a","ts":3000}
            {"$stream":"nothing","ts":3000}
            """)]);
        Assert.Contains("\"key\":[\"a\"]", run.Matches);
        Assert.Contains("\"measures\":{\"total\":5}", run.Matches);
        Assert.Equal((2, 0, 2), (run.Result.Input.Records, run.Result.Input.Late, run.Result.Input.Malformed));
        Assert.Contains("\"line\":3,", run.Malformed);
    }

    [Fact]
    public void Streams_that_share_an_input_wait_for_the_longest_delay_among_them()
    {
        var patterns = Compiled.Patterns(Shop);
        var run = new JobRun(patterns, [JobRun.Json(patterns, """
            {"$stream":"parcels","ref":"a","ts":20000}
            {"$stream":"parcels","ref":"a","ts":10000}
            {"$stream":"parcels","ref":"a","ts":9999}
            """)]);
        Assert.Equal("""{"stream":"parcels","source":"input of ","time":"1970-01-01T00:00:09.999Z","watermark":"1970-01-01T00:00:09.999Z","event":{"ref":"a","ts":"1970-01-01T00:00:09.999Z"}}""" + "\n", run.Late);
        Assert.Equal((3, 1), (run.Result.Input.Records, run.Result.Input.Late));
    }

    [Fact]
    public void Csv_has_a_header_and_an_empty_cell_is_null()
    {
        var patterns = Compiled.Patterns(Shop);
        var run = new JobRun(patterns,
        [
            JobRun.Csv(patterns, "total,colour,id,ts\n5.50,red,a,1000\n,blue,b,1000\nx,blue,b,1000\n", "orders"),
            JobRun.Csv(patterns, "ts,ref\n2000,a\n2000,\n2500,b\n", "parcels"),
        ]);
        Assert.Equal(["5.50", "null"], run.Matches.TrimEnd().Split('\n').Select(line => line.Split("\"total\":")[1].Split('}')[0]));
        Assert.Equal(1, run.Result.Rules[0].Counts.WithoutKey);
        Assert.Contains("input of orders\",\"line\":4,", run.Malformed);
    }

    [Fact]
    public void Header_without_a_required_column_names_the_input()
    {
        var patterns = Compiled.Patterns(Shop);
        var e = Assert.Throws<JobException>(() => new JobRun(patterns, [JobRun.Csv(patterns, "total,ts\n", "orders")]));
        Assert.Contains("input of orders", e.Message);
        Assert.Contains("id", e.Message);
    }

    [Fact]
    public void Several_inputs_of_one_stream_are_one_stream()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A => B => C within 1h"));
        string[] files = [Letter('A', 1_000) + Letter('C', 3_000), Letter('B', 2_000), "", "\n\n"];
        var run = new JobRun(patterns, files.Select(f => JobRun.Json(patterns, f, "s")).ToList());
        Assert.Equal(1, run.Result.Rules[0].Counts.Matches);
        Assert.Equal([2, 1, 0, 0], run.Result.Input.Sources.Select(s => (int)s.Records));
    }

    [Fact]
    public void Input_without_events_passes_no_deadline_and_fails_nothing()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> not B within 1s"));
        var run = new JobRun(patterns, [JobRun.Json(patterns, "", "s")]);
        Assert.Equal("--\n--\n--\n--\n", run.All);
    }

    [Fact]
    public void Processing_time_is_the_time_of_the_clock()
    {
        var patterns = Compiled.Patterns("stream s { k string processing time }\nrule r { from s key k match a: s => b: s within 1s }\n");
        var run = new JobRun(patterns, [JobRun.Json(patterns, "{\"k\":\"x\"}\n{\"k\":\"x\"}\n", "s")], clock: new ManualClock(startMs: 1_767_607_200_250));
        Assert.Contains("\"start\":\"2026-01-05T10:00:00.250Z\",\"end\":\"2026-01-05T10:00:00.250Z\"", run.Matches);
    }

    [Fact]
    public void Deadline_in_processing_time_passes_while_nothing_comes()
    {
        var patterns = Compiled.Patterns("stream s { k string processing time }\nrule r { from s key k match a: s -> not b: s within 5s }\n");
        var clock = new ManualClock();
        var pipe = new Pipe();
        var sink = new WaitingSink<Match>();
        var job = new RuleJob(patterns, new RuleJobOptions
        {
            Inputs = [new EventInput(ByteInput.FromStream("pipe", pipe, isLive: true), EventFormat.JsonLines, patterns.RuleSet.Streams)],
            TimeProvider = clock,
            Matches = sink,
        });
        var running = Task.Run(() => job.Run());
        pipe.Say("{\"k\":\"x\"}\n");
        var match = sink.NextWhile(clock);
        Assert.Equal(5_000, match.EndMs - match.StartMs);
        pipe.HangUp();
        Hang.Until(() => running.IsCompleted);
    }

    [Fact]
    public void Stream_that_falls_silent_for_long_enough_does_not_hold_back_the_others()
    {
        var patterns = Compiled.Patterns("""
            stream orders { id string ts timestamp watermark for ts delay 0s }
            stream parcels { ref string ts timestamp watermark for ts delay 0s idle after 1m }
            rule unshipped { from orders key id, parcels key ref match o: orders -> not p: parcels within 1s }
            """);
        var clock = new ManualClock();
        var (orders, parcels) = (new Pipe(), new Pipe());
        var sink = new WaitingSink<Match>();
        var job = new RuleJob(patterns, new RuleJobOptions
        {
            Inputs =
            [
                new EventInput(ByteInput.FromStream("orders", orders, isLive: true), EventFormat.JsonLines, [patterns.RuleSet.Streams[0]]),
                new EventInput(ByteInput.FromStream("parcels", parcels, isLive: true), EventFormat.JsonLines, [patterns.RuleSet.Streams[1]]),
            ],
            TimeProvider = clock,
            Matches = sink,
        });
        var running = Task.Run(() => job.Run());
        orders.Say("{\"id\":\"a\",\"ts\":1000}\n{\"id\":\"b\",\"ts\":9000}\n");
        Assert.Equal(2_000, sink.NextWhile(clock).EndMs);
        orders.HangUp();
        parcels.HangUp();
        Hang.Until(() => running.IsCompleted);
    }

    [Fact]
    public void Streams_of_one_input_go_by_one_kind_of_time()
    {
        var patterns = Compiled.Patterns("""
            stream s { k string ts timestamp watermark for ts delay 0s }
            stream t { k string processing time }
            rule r { from s key k match a: s -> b: s within 1s }
            """);
        var e = Assert.Throws<ArgumentException>(() => new JobRun(patterns, [JobRun.Json(patterns, "")]));
        Assert.Contains("mixes streams in event time and in processing time", e.Message);
    }

    [Fact]
    public void Csv_input_of_several_streams_and_inputs_of_no_or_unknown_streams_are_refused()
    {
        var patterns = Compiled.Patterns(Shop);
        var other = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        Assert.Throws<ArgumentException>(() => new JobRun(patterns, [JobRun.Csv(patterns, "", "orders", "parcels")]));
        Assert.Throws<ArgumentException>(() => new JobRun(patterns, [JobRun.Json(patterns, "") with { Streams = [] }]));
        Assert.Throws<ArgumentException>(() => new JobRun(patterns, [JobRun.Json(other, "")]));
    }

    [Fact]
    public void Draft_rule_does_not_run()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("live", "A -> B within 1s") + "rule draft { status draft from s key k match a: s => b: s within 1s }");
        var run = new JobRun(patterns, [JobRun.Json(patterns, Letter('A', 1) + Letter('B', 2), "s")]);
        Assert.Equal("live", Assert.Single(run.Result.Rules).Rule.Name);
        Assert.Single(run.Matches.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Set_of_drafts_only_is_refused()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + "rule draft { status draft from s key k match a: s => b: s within 1s }");
        Assert.Throws<ArgumentException>(() => new JobRun(patterns, [JobRun.Json(patterns, "", "s")]));
    }

    [Fact]
    public void Rules_with_different_keys_of_one_stream_each_see_every_event()
    {
        var patterns = Compiled.Patterns(Compiled.Letters
            + Compiled.Rule("by_key", "A => B within 1h") + Compiled.Rule("by_number", "A => B within 1h", key: "n") + Compiled.Rule("all", "A => B within 1h", key: null));
        var text = Letter('A', 1, "x", 1) + Letter('A', 2, "y", 2) + Letter('B', 3, "x", 2) + Letter('B', 4, "y", 1);
        var run = new JobRun(patterns, [JobRun.Json(patterns, text, "s")], parallelism: 2);
        Assert.Equal([2, 2, 1], run.Result.Rules.Select(r => (int)r.Counts.Matches));
        Assert.All(run.Result.Rules, r => Assert.Equal(4, r.Counts.Events));
    }

    [Fact]
    public void Counts_are_of_all_subtasks_and_of_what_was_routed_nowhere()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => Letter(i % 2 == 0 ? 'A' : 'B', 1_000 + i / 20, "k" + i / 2 % 5)))
            + "{\"k\":null,\"letter\":\"A\",\"ts\":1100}\n" + Letter('A', 1_200, "k0") + Letter('A', 1_300, "k1") + Letter('A', 5) + "no event\n";
        var run = new JobRun(patterns, [JobRun.Json(patterns, text, "s")], parallelism: 4);
        var counts = run.Result.Rules[0].Counts;
        Assert.Equal((102, 50, 2, 1, 0), (counts.Events, counts.Matches, counts.Timeouts, counts.WithoutKey, counts.PartialMatches));
        Assert.Equal((104, 1, 1), (run.Result.Input.Records, run.Result.Input.Late, run.Result.Input.Malformed));
    }

    [Fact]
    public void Nothing_that_is_found_is_lost_where_no_sink_takes_it()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        var result = new RuleJob(patterns, new RuleJobOptions { Inputs = [JobRun.Json(patterns, Letter('A', 1) + Letter('B', 2) + Letter('A', 3) + "{", "s")] }).Run();
        Assert.Equal((1, 1), (result.Rules[0].Counts.Matches, result.Rules[0].Counts.Timeouts));
        Assert.Equal(1, result.Input.Malformed);
    }

    [Fact]
    public void Sink_that_fails_ends_the_job_and_is_named()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        var job = new RuleJob(patterns, new RuleJobOptions { Inputs = [JobRun.Json(patterns, Letter('A', 1) + Letter('B', 2), "s")], Matches = new FailingSink() });
        var e = Assert.Throws<JobException>(() => job.Run());
        Assert.Contains("sink 'pager'", e.Message);
        Assert.IsType<InvalidOperationException>(e.InnerException);
    }

    [Fact]
    public void Full_disk_ends_the_job_and_names_the_file()
    {
        // Only Linux has a disk that is always full.
        if (!OperatingSystem.IsLinux())
            return;
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s"));
        var matches = JsonLines.Sink<Match>(ByteOutput.File("/dev/full"), new MatchJson(patterns.RuleSet.Streams).Write);
        var job = new RuleJob(patterns, new RuleJobOptions { Inputs = [JobRun.Json(patterns, Letter('A', 1) + Letter('B', 2), "s")], Matches = matches });
        var e = Assert.Throws<JobException>(() => job.Run());
        Assert.Contains("/dev/full", e.Message);
        Assert.IsType<IOException>(e.InnerException);
    }

    [Fact]
    public async Task Canceled_job_ends_without_passing_the_deadlines_that_are_still_open()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A => B within 1h") + Compiled.Rule("n", "A -> not C within 1h"));
        var pipe = new Pipe();
        var sink = new WaitingSink<Match>();
        var job = new RuleJob(patterns, new RuleJobOptions
        {
            Inputs = [new EventInput(ByteInput.FromStream("pipe", pipe, isLive: true), EventFormat.JsonLines, patterns.RuleSet.Streams)],
            Matches = sink,
        });
        using var cancel = new CancellationTokenSource();
        var running = Task.Run(() => job.Run(cancel.Token));
        pipe.Say(Letter('A', 1) + Letter('B', 2) + Letter('A', 3));
        Assert.Equal("r", sink.Next().Rule.Name);
        cancel.Cancel();
        Assert.True((await running.WaitAsync(Hang.Limit)).Input.IsCanceled);
        Assert.Equal(0, job.CountsSoFar()[1].Counts.Matches);
        Assert.Equal(1, job.CountsSoFar()[0].Counts.Matches);
    }

    [Fact]
    public void Times_at_the_ends_of_the_calendar_are_read_and_told()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1d") + Compiled.Rule("n", "A -> not B within 1d"));
        var text = """
            {"k":"x","letter":"A","ts":"0001-01-01T00:00:00Z"}
            {"k":"x","letter":"B","ts":-62135596799999}
            {"k":"x","letter":"A","ts":"9999-12-31T23:59:59.999Z"}
            {"k":"x","letter":"A","ts":9223372036854775807}
            {"k":"x","letter":"A","ts":-9223372036854775808}
            """;
        var run = new JobRun(patterns, [JobRun.Json(patterns, text, "s")]);
        Assert.Equal((2, 2), (run.Matches.TrimEnd().Split('\n').Length, run.Result.Input.Malformed));
        Assert.Contains("\"start\":\"0001-01-01T00:00:00Z\",\"end\":\"0001-01-01T00:00:00.001Z\"", run.Matches);
        Assert.Contains("\"start\":\"9999-12-31T23:59:59.999Z\",\"end\":253402387199999,", run.Matches);
    }

    private static string Letter(char letter, long timeMs, string key = "x", long? n = null) =>
        $"{{\"k\":\"{key}\",\"letter\":\"{letter}\",\"n\":{n?.ToString() ?? "null"},\"ts\":{timeMs}}}\n";

    private sealed class FailingSink() : Sink<Match>("pager")
    {
        public override void Write(in Match value) => throw new InvalidOperationException("Nobody is at home.");
    }
}
