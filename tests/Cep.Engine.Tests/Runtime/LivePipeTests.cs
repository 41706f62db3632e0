using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class LivePipeTests
{
    [Fact]
    public async Task A_pipe_that_stays_open_sees_its_outputs_when_the_watermark_passes()
    {
        var pipe = new Pipe();
        var written = new WaitingSink<string>();
        var malformed = new WaitingSink<MalformedRecord>();
        var job = new Job<Event, string>(new JobOptions { Parallelism = 2 })
            .AddSource(new StreamSource<Event>(
                ByteInput.FromStream("pipe", pipe, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.BoundedOutOfOrderness(10)))
            .AddOperator("count", new ByKey(), () => new CountByKey())
            .WriteTo(written).WriteMalformedTo(malformed);
        Task<JobResult> running = job.RunAsync();

        pipe.Say("a 100\nb 95\na 1");
        pipe.Say("06\n");
        Assert.Equal("b@95 is number 1", written.Next());
        pipe.Say("a 111\n");
        Assert.Equal("a@100 is number 1", written.Next());
        Assert.Equal(100, job.Progress.WatermarkMs);
        Assert.Equal(4, job.Progress.Records);
        Assert.Equal(23, job.Progress.BytesRead);
        Assert.Null(job.Progress.TotalBytes);

        // Nothing but rubbish comes: it shows although the watermark stands.
        pipe.Say("rubbish\n");
        Assert.Equal(new MalformedRecord("pipe", 5, "Not a key and a time.", "rubbish"), malformed.Next());

        pipe.HangUp();
        Assert.Equal("a@106 is number 2", written.Next());
        Assert.Equal("a@111 is number 3", written.Next());
        Assert.False((await running.WaitAsync(Hang.Limit)).IsCanceled);
        Assert.Equal(Watermark.End, job.Progress.WatermarkMs);
    }

    [Fact]
    public async Task A_live_split_without_a_bound_on_silence_is_waited_for()
    {
        var clock = new ManualClock();
        var pipe = new Pipe();
        var written = new WaitingSink<string>();
        Task<JobResult> running = new Job<Event, string>(new JobOptions { TimeProvider = clock })
            .AddSource(new StreamSource<Event>(
                ByteInput.FromStream("pipe", pipe, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.Monotonous))
            .AddSource(TestJob.Source("file", 0, new Event("f", 1, 0), new Event("f", 50, 1), new Event("f", 200, 2)))
            .AddOperator("count", new ByKey(), () => new CountByKey()).WriteTo(written).RunAsync();
        pipe.Say("p 100\n");
        Assert.Equal("f@1 is number 1", written.Next());
        Assert.Equal("f@50 is number 2", written.Next());
        Assert.False(written.TryNext(out _), "The pipe may still say something of 100.");
        pipe.HangUp();
        Assert.Equal(["p@100 is number 1", "f@200 is number 3"], new[] { written.Next(), written.Next() });
        await running.WaitAsync(Hang.Limit);
    }
}
