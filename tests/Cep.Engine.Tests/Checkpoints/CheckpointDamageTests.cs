using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class CheckpointDamageTests
{
    private const int Jobs = 100;
    private const int DamagesOfEach = 10;

    [Fact]
    public async Task A_thousand_random_damages_are_found_and_never_give_a_wrong_answer()
    {
        var outcomes = new Dictionary<string, int>();
        for (int seed = 0; seed < Jobs; seed++)
        {
            var random = new Random(seed);
            using var store = new MemoryCheckpointStore();
            ModelJob job = await WorkedAsync(store, random, seed);
            Dictionary<string, byte[]> whole = (store.List("")).ToDictionary(o => o.Name, o => CheckpointHistory.ReadAll(store, o.Name)!);
            for (int i = 0; i < DamagesOfEach; i++)
            {
                HashSet<string> hurt = await DamageAsync(store, whole, random);
                string outcome = await RestoreAsync(store, job, hurt, parallelism: random.Next(1, 5));
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
                foreach ((string name, byte[] bytes) in whole) await store.WriteAsync(name, [bytes]);
            }
        }

        // Every way out is taken often.
        Assert.Equal(Jobs * DamagesOfEach, outcomes.Values.Sum());
        Assert.All(["newest", "previous", "refused"], o => Assert.InRange(outcomes[o], 100, 700));
    }

    private static async Task<ModelJob> WorkedAsync(MemoryCheckpointStore store, Random random, int seed)
    {
        var job = new ModelJob(store, seed, retained: random.Next(1, 4));
        for (int left = random.Next(1, 7); left > 0; left--)
        {
            job.Work(random.Next(60));
            await job.CheckpointAsync();
        }

        return job;
    }

    /// <summary>Restores from what is left, and checks that it is what the job had.</summary>
    /// <returns>What came of it.</returns>
    private static async Task<string> RestoreAsync(MemoryCheckpointStore store, ModelJob job, HashSet<string> hurt, int parallelism)
    {
        try
        {
            CheckpointHistory history = CheckpointHistory.Load(store);
            Manifest restored = history.Latest!.Manifest;
            Assert.Equal(job.AtCheckpoint[restored.CheckpointId], ModelJob.Restored(history.Latest, parallelism));
            Assert.DoesNotContain(restored.Files, f => hurt.Contains(f.Name));
            Assert.DoesNotContain(CheckpointNames.ManifestOf(restored.CheckpointId), hurt);
            // Each newer one is told with the reason.
            IEnumerable<long> refused = history.Refused.Select(r => CheckpointNames.IdOf(r.Name));
            Assert.Equal(job.AtCheckpoint.Keys.Where(id => id > restored.CheckpointId).OrderDescending(), refused.Where(id => id > restored.CheckpointId));
            return restored.CheckpointId == job.AtCheckpoint.Keys.Max() ? "newest" : "previous";
        }
        catch (CorruptSnapshotException e)
        {
            Assert.StartsWith("No checkpoint is whole, so the job cannot go on from where it stood. ", e.Message);
            return "refused";
        }
    }

    /// <summary>Hurts one object, or exchanges two.</summary>
    /// <returns>Those whose bytes are not what they were.</returns>
    private static async Task<HashSet<string>> DamageAsync(MemoryCheckpointStore store, Dictionary<string, byte[]> whole, Random random)
    {
        string name = whole.Keys.ElementAt(random.Next(whole.Count));
        byte[] bytes = (byte[])whole[name].Clone();
        int from = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0: await store.DeleteAsync(name); break;
            case 1: await store.WriteAsync(name, [bytes[..from]]); break;
            case 2: await Rewrite(b => b[from] ^= (byte)(1 << random.Next(8))); break;
            case 3: await Rewrite(b => b.AsSpan(from).Clear()); break;
            case 4: await Rewrite(b => random.NextBytes(b.AsSpan(from))); break;
            default:
                string other = whole.Keys.ElementAt(random.Next(whole.Count));
                await store.WriteAsync(name, [whole[other]]);
                await store.WriteAsync(other, [bytes]);
                break;
        }

        return whole.Where(o => !(CheckpointHistory.ReadAll(store, o.Key) ?? []).AsSpan().SequenceEqual(o.Value)).Select(o => o.Key).ToHashSet();

        ValueTask Rewrite(Action<byte[]> damage)
        {
            damage(bytes);
            return store.WriteAsync(name, [bytes]);
        }
    }
}
