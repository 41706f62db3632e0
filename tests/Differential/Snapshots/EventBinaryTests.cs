using Cep.Events;

namespace Cep.Differential.Snapshots;

public class EventBinaryTests
{
    [Fact]
    public void Event_is_the_same_when_it_is_read_back()
    {
        var full = AllFields.Full;
        Assert.Equivalent(full, Again(AllFields.Type, full), strict: true);
        Assert.Equivalent(new AllFields(), Again(AllFields.Type, new AllFields()), strict: true);
    }

    /// <summary>Not as attributes: those are kept as UTF-8, in which no half of a pair can stand.</summary>
    public static TheoryData<string> Texts => ["", "plain", "\ud800 alone", "ends with \udbff", "\udc00\ud800 swapped", "paired 😀😀, then alone \ude00"];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_the_same_when_it_is_read_back(string text) => Assert.Equal(text, ((Beat)Again(Beat.Type, new Beat { Kind = text })).Kind);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(63)]
    [InlineData(-65)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Whole_number_is_the_same_when_it_is_read_back(long number) => Assert.Equal(number, ((Beat)Again(Beat.Type, new Beat { Size = number })).Size);

    [Fact]
    public void Decimal_keeps_its_places()
    {
        foreach (var value in new[] { 0m, 0.00m, 1.50m, -1.50m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m })
        {
            var again = ((AllFields)Again(AllFields.Type, new AllFields { Money = value })).Money;
            Assert.Equal(decimal.GetBits(value), decimal.GetBits(again));
        }
    }

    [Fact]
    public void Field_that_is_gone_is_passed_over_and_an_optional_one_that_came_is_null()
    {
        var old = new EventTypeBuilder("s").Field("gone", FieldType.String).Field("kept", FieldType.Long).Field("goneToo", FieldType.Decimal, isOptional: true).Build();
        var now = new EventTypeBuilder("s").Field("came", FieldType.Double, isOptional: true).Field("kept", FieldType.Long).Build();
        var e = Read(old, """{"gone":"x","kept":7,"goneToo":1.5}""");
        var output = new EventBinaryOutput();
        new EventBinaryWriter(old).Write(output, e);
        var input = new EventBinaryInput(output.Written.ToArray());
        var again = new EventBinaryReader(EventBinarySchema.Of(old), now).Read(input);
        Assert.Equal((7L, null, 0), (now.ClrType.GetField("kept")!.GetValue(again), now.ClrType.GetField("came")!.GetValue(again), input.Left));
    }

    [Theory]
    [InlineData("x", FieldType.Double, false, "The field `x` of `s` was written as long and is double now.")]
    [InlineData("x", FieldType.Long, false, "The field `x` of `s` was optional when it was written and is required now.")]
    [InlineData("y", FieldType.Long, false, "The field `y` of `s` is required, and the events written have none.")]
    public void Change_that_makes_old_events_meaningless_is_refused(string name, FieldType type, bool isOptional, string reason)
    {
        var old = new EventTypeBuilder("s").Field("x", FieldType.Long, isOptional: true).Build();
        var now = new EventTypeBuilder("s").Field(name, type, isOptional).Build();
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => new EventBinaryReader(EventBinarySchema.Of(old), now)).Message);
    }

    [Fact]
    public void Writing_and_reading_allocate_nothing_but_the_event()
    {
        var writer = new EventBinaryWriter(Beat.Type);
        var reader = new EventBinaryReader(EventBinarySchema.Of(Beat.Type), Beat.Type);
        var (e, output) = (new Beat { Size = 5 }, new EventBinaryOutput());
        writer.Write(output, e);
        var bytes = output.Written.ToArray();
        const int Rounds = 10_000;
        var inputs = Enumerable.Range(0, Rounds + 1).Select(_ => new EventBinaryInput(bytes)).ToArray();
        reader.Read(inputs[Rounds]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            output.Clear();
            writer.Write(output, e);
        }
        var written = GC.GetAllocatedBytesForCurrentThread() - before;
        for (var i = 0; i < Rounds; i++)
            reader.Read(inputs[i]);
        var read = GC.GetAllocatedBytesForCurrentThread() - before - written;
        Assert.Equal((0, 32), (written / Rounds, read / Rounds));
    }

    private static object Again(EventType type, object e)
    {
        var output = new EventBinaryOutput();
        new EventBinaryWriter(type).Write(output, e);
        var input = new EventBinaryInput(output.Written.ToArray());
        var again = new EventBinaryReader(EventBinarySchema.Of(type), type).Read(input);
        Assert.Equal(0, input.Left);
        return again;
    }

    private static object Read(EventType type, string json)
    {
        Assert.True(new JsonEventReader(type).TryRead(System.Text.Encoding.UTF8.GetBytes(json), out var e, out _, out _));
        return e!;
    }
}
