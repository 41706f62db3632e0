using System.IO.Compression;
using System.Text;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Connectors;

public sealed class StreamSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-engine-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain.txt", false)]
    [InlineData("packed.txt.gz", true)]
    [InlineData("packed-in-secret.txt", true)]
    public void A_file_is_read_gzipped_or_not(string name, bool isGzip)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("a 1\nb 2\r\nc 3");
        if (isGzip) bytes = [.. Gzip(bytes[..5]), .. Gzip(bytes[5..])];
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        var job = new TestJob(Lines(ByteInput.File(path)));
        Assert.Equal(["a@1#0", "b@2#1", "c@3#2"], job.Run());
        SourceResult source = Assert.Single(job.Result.Sources);
        Assert.Equal(new SourceResult(path, 3, 0, 0, bytes.Length), source);
        Assert.Equal(bytes.Length, job.Progress.TotalBytes);
        Assert.Equal(bytes.Length, job.Progress.BytesRead);
    }

    [Theory]
    [InlineData("empty.txt")]
    [InlineData("empty.gz")]
    public void An_empty_file_has_no_records(string name)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "");
        Assert.Empty(new TestJob(Lines(ByteInput.File(path))).Run());
    }

    [Fact]
    public void A_csv_header_goes_to_the_decoder_and_is_no_record()
    {
        var decoder = new EventDecoder();
        var job = new TestJob(new StreamSource<Event>(From("\n\"key\n\",time\na 1\n"), new CsvFraming(), decoder, WatermarkStrategy.Monotonous));
        Assert.Equal(["a@1#0"], job.Run());
        Assert.Equal("\"key\n\",time", decoder.HeaderText);
    }

    [Fact]
    public void A_csv_file_of_only_a_header_has_no_records()
    {
        var decoder = new EventDecoder();
        Assert.Empty(new TestJob(new StreamSource<Event>(From("key time"), new CsvFraming(), decoder, WatermarkStrategy.Monotonous)).Run());
        Assert.Equal("key time", decoder.HeaderText);
    }

    [Fact]
    public void Malformed_records_are_reported_in_order_with_line_reason_and_text_and_the_rest_goes_on()
    {
        byte[] bytes = [.. "a 1\nwhat is this\n\n"u8, 0xFF, .. " 2 3\nb 2\n"u8, .. Encoding.UTF8.GetBytes(new string('x', 100_000)), .. "\nc 3\n"u8];
        var job = new TestJob(Lines(ByteInput.FromStream("in", new MemoryStream(bytes)), maxRecordBytes: 10_000));
        Assert.Equal(["a@1#0", "b@2#1", "c@3#2"], job.Run());
        Assert.Equal(
            [
                new MalformedRecord("in", 2, "Not a key and a time.", "what is this"),
                new MalformedRecord("in", 4, "Not a key and a time.", "\uFFFD 2 3"),
                new MalformedRecord("in", 6, "The record is longer than the limit of 10000 bytes.", new string('x', 1000)),
            ],
            job.Malformed.Values);
        Assert.Equal(3, job.Result.Malformed);
        Assert.Equal(3, job.Result.Records);
    }

    [Theory]
    [InlineData("é", 1000, 1000)]
    [InlineData("😀", 600, 1000)]
    [InlineData("😀x", 500, 999)]
    public void The_text_of_a_malformed_record_is_cut_between_characters(string unit, int count, int length)
    {
        string line = string.Concat(Enumerable.Repeat(unit, count));
        var job = new TestJob(Lines(From(line)));
        job.Run();
        Assert.Equal(line[..length], Assert.Single(job.Malformed.Values).Text);
    }

    [Fact]
    public void A_gzip_file_cut_short_fails_the_job_and_names_file_and_line()
    {
        byte[] whole = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i * 7919 % 1000} {i}\n"))));
        string path = Path.Combine(_folder, "cut.txt.gz");
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        var failure = Assert.Throws<JobException>(() => new TestJob(Lines(ByteInput.File(path))).Run());
        Assert.Equal($"source '{path}'", failure.Where);
        var at = Assert.IsType<SourceReadException>(failure.InnerException);
        Assert.InRange(at.Line, 10_000, 40_000);
        Assert.Equal($"source '{path}': line {at.Line}: {at.InnerException!.Message}", failure.Message);
    }

    [Fact]
    public void A_gzip_file_with_a_flipped_bit_fails_the_job()
    {
        byte[] bytes = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => $"k {i}\n"))));
        bytes[^6] ^= 1;
        var failure = Assert.Throws<JobException>(() => new TestJob(Lines(ByteInput.FromStream("in", new MemoryStream(bytes)))).Run());
        Assert.IsType<InvalidDataException>(failure.InnerException!.InnerException);
    }

    [Fact]
    public void A_file_that_is_not_there_fails_the_job_and_names_it()
    {
        var failure = Assert.Throws<JobException>(() => new TestJob(Lines(ByteInput.File("no/such/file"))).Run());
        Assert.StartsWith("source 'no/such/file': Could not find", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_that_throws_fails_the_job_and_the_line_is_named()
    {
        var source = new StreamSource<Event>(From("a 1\n\nb 2\n"), new LineFraming(), new FailingDecoder(), WatermarkStrategy.Monotonous);
        var failure = Assert.Throws<JobException>(() => new TestJob(source).Run());
        Assert.Equal("source 'in': line 3: no b", failure.Message);
    }

    private static ByteInput From(string text) => ByteInput.FromStream("in", new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static StreamSource<Event> Lines(ByteInput input, int maxRecordBytes = StreamSource<Event>.DefaultMaxRecordBytes) =>
        new(input, new LineFraming(), new EventDecoder(), WatermarkStrategy.BoundedOutOfOrderness(100_000), maxRecordBytes);

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private sealed class FailingDecoder : RecordDecoder<Event>
    {
        public override bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out Event value, out long timestampMs, out string? error)
        {
            if (record[0] == 'b') throw new InvalidOperationException("no b");
            (value, timestampMs, error) = (new Event("a", 1, 0), 1, null);
            return true;
        }
    }
}
