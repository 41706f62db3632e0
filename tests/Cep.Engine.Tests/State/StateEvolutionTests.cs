using Cep.Engine.State.Serializers;
using Xunit;

namespace Cep.Engine.Tests.State;

/// <summary>Values written by a class as it was, read by the class as it is.</summary>
public class StateEvolutionTests
{
    private sealed record Was(int Count, float Rate, string? Name, int[] Old, byte Small);

    private sealed record IsWider(long Count, double Rate, string? Name, int Small);

    private sealed record HasMore(string? Name, int Count, int Limit = 5, string Unit = "ms", Color Shade = Color.Blue);

    private sealed class HasInitialiser
    {
        public int? Count { get; set; }

        public List<int> Added { get; set; } = [1];
    }

    private sealed record Text(string Count);

    private sealed record Narrower(short Count);

    private sealed record Nested(List<Was> Parts);

    private sealed record NestedNow(List<Narrower> Parts);

    private enum Color
    {
        Red,
        Blue = 4,
    }

    private enum ColorWithMore
    {
        Red,
        Green,
        Blue = 4,
    }

    private enum ColorMoved
    {
        Red,
        Blue,
    }

    private static readonly Was Value = new(-3, 0.5f, "n", [1, 2], 200);

    [Fact]
    public void Numbers_become_wider_and_removed_fields_are_passed_over() => Assert.Equal(new IsWider(-3, 0.5, "n", 200), Read<Was, IsWider>(Value));

    [Fact]
    public void Field_added_has_the_default_of_its_parameter() => Assert.Equal(new HasMore("n", -3), Read<Was, HasMore>(Value));

    [Fact]
    public void Field_added_has_what_the_constructor_gives_it()
    {
        HasInitialiser read = Read<Was, HasInitialiser>(Value);
        Assert.Equal((-3, 1), (read.Count, read.Added[0]));
    }

    [Fact]
    public void Whole_numbers_become_wider_where_every_value_stays_exact()
    {
        Assert.Equal(7L, Read<int, long>(7));
        Assert.Equal(7.0, Read<int, double>(7));
        Assert.Equal(7m, Read<long, decimal>(7));
        Assert.Equal(7, Read<ushort, int>(7));
        Assert.Equal(7L, Read<int, long?>(7));
        Assert.Equal([7L], Read<int[], List<long?>>([7])!);
        Assert.Equal(new Was(1, 1, null, [], 1).Count, Read<(int, int), (int, long)>((1, 1)).Item1);
    }

    [Fact]
    public void Enumeration_may_gain_members() => Assert.Equal(ColorWithMore.Blue, Read<Color, ColorWithMore>(Color.Blue));

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Any_other_change_is_refused_by_name(Action read, string message) => Assert.Equal(message, Assert.Throws<StateSchemaException>(read).Message);

    public static TheoryData<Action, string> Refusals() => new()
    {
        { () => Read<Was, Text>(Value), "The field `Count` of the value of state 's' was written as int and is string now." },
        { () => Read<Was, Narrower>(Value), "The field `Count` of the value of state 's' was written as int and is short now." },
        { () => Read<Nested, NestedNow>(new([Value])), "The field `Parts[].Count` of the value of state 's' was written as int and is short now." },
        { () => Read<long, double>(1), "The value of state 's' was written as long and is double now." },
        { () => Read<int?, int>(1), "The value of state 's' was written as int? and is int now." },
        { () => Read<ulong, long>(1), "The value of state 's' was written as ulong and is long now." },
        { () => Read<int, uint>(1), "The value of state 's' was written as int and is uint now." },
        { () => Read<int[], Dictionary<int, int>>([1]), "The value of state 's' was written as list<int> and is map<int,int> now." },
        {
            () => Read<Color, ColorMoved>(Color.Red),
            "The value of state 's' is of the enumeration `ColorMoved`, whose member `Blue` was 4 when it was written and is not any more."
        },
        {
            () => StateSerializer.Of<int>().ReaderOf("mine:1", "the value of state 's'"),
            "The value of state 's' was written by a serializer of its own ('mine:1'), and there is none now."
        },
    };

    private sealed record Recursive(int A, Recursive? Next);

    private sealed record HasObject(int A, object B);

    private sealed class NoConstructor(int other)
    {
        public int A { get; set; } = other;
    }

    private abstract record Abstract(int A);

    [Fact]
    public void Types_that_cannot_be_kept_are_refused_when_the_serializer_is_made()
    {
        const string Rest = ". Give the state a StateSerializer of your own, or keep other values.";
        Check<Recursive>("`Recursive.Next` cannot be kept in state: the type `Recursive` contains itself");
        Check<HasObject>("`HasObject.B` cannot be kept in state: the type `Object` is of no kind that has a serializer");
        Check<List<Action>>("`List`1[]` cannot be kept in state: the type `Action` is of no kind that has a serializer");
        Check<IReadOnlyList<int>>("`IReadOnlyList`1` cannot be kept in state: the type `IReadOnlyList`1` is of no kind that has a serializer");
        Check<Abstract>("`Abstract` cannot be kept in state: the type `Abstract` is abstract, so it cannot be made again");
        Check<NoConstructor>("`NoConstructor` cannot be kept in state: the type `NoConstructor` has no public constructor without parameters, "
            + "and not exactly one with parameters that are all named and typed as its members");

        static void Check<T>(string message) => Assert.Equal(message + Rest, Assert.Throws<NotSupportedException>(() => StateSerializer.Of<T>()).Message);
    }

    private static TNow Read<TWas, TNow>(TWas value)
    {
        StateSerializer<TWas> was = StateSerializer.Of<TWas>();
        var output = new StateOutput();
        was.Write(value, output);
        var input = new StateInput();
        input.Reset(output.Written);
        TNow read = StateSerializer.Of<TNow>().ReaderOf(was.Schema, "the value of state 's'")(input);
        input.End();
        return read;
    }
}
