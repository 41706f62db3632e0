using System.Buffers;
using System.Text;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Connectors;

public class LineSinkTests
{
    [Fact]
    public void Each_value_is_a_line()
    {
        var stream = new MemoryStream();
        var sink = new LineSink<string>(ByteOutput.ToStream("out", stream), Utf8);
        sink.Open();
        sink.Write("a");
        sink.Write("");
        sink.Write("bü");
        sink.Close();
        Assert.Equal("a\n\nbü\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void What_is_written_shows_when_it_is_flushed_or_fills_the_buffer()
    {
        var stream = new MemoryStream();
        var sink = new LineSink<string>(ByteOutput.ToStream("out", stream), Utf8);
        sink.Open();
        sink.Write("a");
        Assert.Equal(0, stream.Length);
        sink.Flush();
        Assert.Equal(2, stream.Length);
        sink.Write(new string('x', 100_000));
        Assert.Equal(100_003, stream.Length);
    }

    [Fact]
    public void Json_is_written_one_document_a_line_with_text_as_it_is()
    {
        var stream = new MemoryStream();
        LineSink<string> sink = JsonLines.Sink<string>(ByteOutput.ToStream("out", stream), (json, value) =>
        {
            json.WriteStartObject();
            json.WriteString("v", value);
            json.WriteEndObject();
        });
        sink.Open();
        sink.Write("é<\"\n");
        sink.Write("b");
        sink.Close();
        Assert.Equal("{\"v\":\"é<\\\"\\n\"}\n{\"v\":\"b\"}\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void A_file_is_made_anew()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "old and long");
            var sink = new LineSink<string>(ByteOutput.File(path), Utf8);
            sink.Open();
            sink.Write("new");
            sink.Close();
            Assert.Equal("new\n", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_full_disk_fails_the_job_and_names_the_file()
    {
        var job = new Job<Event, string>()
            .AddSource(TestJob.Source("in", 0, Enumerable.Range(0, 10).Select(i => new Event("k", i, i))))
            .AddOperator("echo", new ByKey(), () => new Echo())
            .WriteTo(new LineSink<string>(ByteOutput.ToStream("matches.jsonl", new FullDisk()), Utf8));
        var failure = Assert.Throws<JobException>(() => job.Run());
        Assert.Equal("sink 'matches.jsonl': No space left on device", failure.Message);
    }

    private static void Utf8(IBufferWriter<byte> line, in string value) => line.Write(Encoding.UTF8.GetBytes(value));

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
