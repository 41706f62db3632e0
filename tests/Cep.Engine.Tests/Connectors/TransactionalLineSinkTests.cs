using System.Buffers;
using System.Text;
using Cep.Engine.Connectors;
using Xunit;

namespace Cep.Engine.Tests.Connectors;

public sealed class TransactionalLineSinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-sink-").FullName;

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lines_are_seen_when_their_checkpoint_is_complete_and_not_before()
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        sink.PreCommit(1);
        sink.Write("two");
        Assert.Equal("", Seen());
        sink.Commit(1);
        Assert.Equal("one ", Seen());
        sink.PreCommit(2);
        sink.Commit(2);
        Assert.Equal("one two ", Seen());
        sink.Close();
        Assert.Equal(["out"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_given_up_checkpoint_staged_goes_with_the_next()
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        sink.PreCommit(1);
        sink.Write("two");
        sink.PreCommit(2);
        sink.Commit(2);
        Assert.Equal("one two ", Seen());
        sink.Close();
    }

    [Fact]
    public void A_complete_checkpoint_is_committed_by_the_restart_when_the_job_died_before()
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        sink.PreCommit(1);
        sink.Commit(1);
        sink.Write("two");
        byte[] handle = sink.PreCommit(2);
        sink.Write("lost");
        sink.PreCommit(3);
        Die(sink);
        sink = Opened(handle);
        Assert.Equal("one two ", Seen());
        sink.Write("three");
        sink.PreCommit(4);
        sink.Commit(4);
        Assert.Equal("one two three ", Seen());
        sink.Close();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_commit_that_stopped_half_way_is_made_up_for(int bytes)
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        sink.Write("two");
        byte[] handle = sink.PreCommit(1);
        Die(sink);
        // What was copied of the staged lines when the machine stopped; not all of it as it should be.
        File.WriteAllText(Out, "one\ntwo\n"[..bytes].Replace('w', '\0'));
        Opened(handle).Close();
        Assert.Equal("one two ", Seen());
    }

    [Fact]
    public void Going_back_to_an_earlier_checkpoint_takes_back_what_was_seen_since()
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        byte[] handle = sink.PreCommit(1);
        sink.Commit(1);
        sink.Write("two");
        sink.PreCommit(2);
        sink.Commit(2);
        Die(sink);
        Opened(handle).Close();
        Assert.Equal("one ", Seen());
    }

    [Fact]
    public void A_file_that_was_moved_away_begins_anew_and_one_that_was_cut_is_refused()
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        byte[] handle = sink.PreCommit(1);
        sink.Commit(1);
        sink.Close();
        File.Move(Out, Out + ".1");
        sink = Opened(handle);
        sink.Write("two");
        sink.PreCommit(2);
        sink.Commit(2);
        sink.Close();
        Assert.Equal("two ", Seen());

        File.WriteAllText(Out, "o");
        var cut = Assert.Throws<InvalidDataException>(() => Opened(handle));
        Assert.Equal(
            $"'{Out}' has 1 bytes, but the checkpoint was taken when 4 were written: it was cut or replaced since. Move it away to begin a new output, or give it back.",
            cut.Message);
    }

    [Fact]
    public void What_nobody_saw_before_the_file_was_moved_away_is_in_the_new_one()
    {
        TransactionalLineSink<string> sink = Opened(null);
        sink.Write("one");
        sink.PreCommit(1);
        sink.Commit(1);
        sink.Write("two");
        byte[] handle = sink.PreCommit(2);
        sink.Write("lost");
        Die(sink);
        File.Move(Out, Out + ".1");
        sink = Opened(handle);
        Assert.Equal("two ", Seen());
        sink.Write("three");
        sink.PreCommit(3);
        sink.Commit(3);
        sink.Close();
        Assert.Equal("two three ", Seen());
    }

    [Fact]
    public void A_beginning_from_nothing_empties_the_file()
    {
        File.WriteAllText(Out, "old\n");
        Opened(null).Close();
        Assert.Equal("", Seen());
    }

    [Fact]
    public void Much_output_is_committed_in_pieces_and_the_staged_file_is_begun_anew()
    {
        TransactionalLineSink<string> sink = Opened(null);
        string line = new('x', 999);
        for (int checkpoint = 1; checkpoint <= 40; checkpoint++)
        {
            for (int i = 0; i < 1000; i++) sink.Write(line);
            sink.PreCommit(checkpoint);
            sink.Commit(checkpoint);
        }

        Assert.Equal(40_000_000, new FileInfo(Out).Length);
        Assert.InRange(new FileInfo(Out + ".staged").Length, 0, 20_000_000);
        sink.Close();
        Assert.All(File.ReadLines(Out), seen => Assert.Equal(line, seen));
    }

    private TransactionalLineSink<string> Opened(byte[]? handle)
    {
        LineFormat<string> format = (IBufferWriter<byte> line, in string value) => Encoding.UTF8.GetBytes(value, line);
        var sink = new TransactionalLineSink<string>(Out, format);
        sink.Open();
        sink.Restore(handle);
        return sink;
    }

    /// <summary>Leaves the files as a killed process does.</summary>
    private void Die(TransactionalLineSink<string> sink)
    {
        byte[] staged = Shared(Out + ".staged");
        byte[] seen = Shared(Out);
        sink.Close();
        File.WriteAllBytes(Out + ".staged", staged);
        File.WriteAllBytes(Out, seen);
    }

    private static byte[] Shared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private string Seen() => Encoding.UTF8.GetString(Shared(Out)).Replace('\n', ' ');
}
