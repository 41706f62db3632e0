using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>Whoever asks a job for a savepoint gets an answer, whenever that is.</summary>
public class CheckpointRequestTests
{
    [Fact]
    public async Task Asking_while_the_job_ends_is_answered()
    {
        var asking = new Asking();
        Job<Event, string> job = NewJob(asking, RestartStrategy.None, fails: false);
        asking.OnCompleted = () => job.SavepointAsync(new MemoryCheckpointStore());
        await job.RunAsync();
        Assert.Equal("The job has ended.", await ProblemOf(asking.Asked!));
    }

    [Fact]
    public async Task Asking_between_a_failure_and_the_restart_is_answered()
    {
        var asking = new Asking();
        Job<Event, string> job = NewJob(asking, RestartStrategy.FixedDelay(1, TimeSpan.Zero), fails: true);
        asking.OnRestarting = () => job.SavepointAsync(new MemoryCheckpointStore());
        await job.RunAsync();
        Assert.Equal("The job has failed.", await ProblemOf(asking.Asked!));
    }

    [Fact]
    public async Task Asking_a_job_that_cannot_begin_is_answered()
    {
        Task<Manifest>? asked = null;
        Job<Event, string>? job = null;
        var options = new JobOptions { Checkpoints = new CheckpointOptions { Store = new MemoryCheckpointStore() } };
        job = new Job<Event, string>(options).AddSource(TestJob.Source("in", 0)).AddOperator("count", new ByKey(), () =>
        {
            asked = job!.SavepointAsync(new MemoryCheckpointStore());
            throw new InvalidOperationException("on purpose");
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => job.RunAsync());
        Assert.Equal("The job has failed.", await ProblemOf(asked!));
    }

    private static Job<Event, string> NewJob(Asking listener, RestartStrategy restart, bool fails)
    {
        int left = fails ? 1 : 0;
        var options = new JobOptions
        {
            Checkpoints = new CheckpointOptions { Store = new MemoryCheckpointStore(), Restart = restart, Listener = listener, Settings = new CheckpointSettings { IntervalMs = null } },
        };
        return new Job<Event, string>(options).AddSource(TestJob.Source("in", 0, new Event("a", 1, 1))).AddOperator("count", new ByKey(), () => new CountingOperator(_ =>
        {
            if (left-- > 0) throw new InvalidOperationException("on purpose");
        }));
    }

    private static async Task<string> ProblemOf(Task<Manifest> asked) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => asked.WaitAsync(Hang.Limit))).Message;

    private sealed class Asking : CheckpointListener
    {
        public Func<Task<Manifest>>? OnCompleted { get; set; }

        public Func<Task<Manifest>>? OnRestarting { get; set; }

        public Task<Manifest>? Asked { get; private set; }

        public override void Completed(Manifest manifest) => Asked ??= OnCompleted?.Invoke();

        public override void Restarting(JobException failure, TimeSpan pause) => Asked ??= OnRestarting?.Invoke();
    }
}
