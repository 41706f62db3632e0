using System.Text;

namespace Cep.Engine.State.Serializers;

/// <summary>How values of a state lie in a snapshot, apart from any class: what a schema text says.</summary>
/// <remarks>
/// The text: <c>long</c>, <c>string</c> and the other scalars by name; <c>list&lt;T&gt;</c>; <c>map&lt;K,V&gt;</c>; <c>T?</c> with a byte before it that says
/// whether there is a value; <c>{Name:T,…}</c> for the fields of a record, class or struct in order; <c>enum(Name=0,…)</c>. Texts, lists and maps can
/// be null by themselves. Names of classes are no part of it: a class may be renamed.
/// </remarks>
internal abstract record StateType
{
    /// <summary>Passes over a value of the type.</summary>
    public abstract void Skip(StateInput input);

    protected abstract void Append(StringBuilder text);

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    /// <summary>A value without parts.</summary>
    public sealed record Scalar(StateScalar Kind) : StateType
    {
        public override void Skip(StateInput input) => Kind.Skip(input);

        protected override void Append(StringBuilder text) => text.Append(Kind.Name);
    }

    /// <summary>One of the named numbers of an enumeration; written as a whole number.</summary>
    public sealed record Enumeration(IReadOnlyList<(string Name, long Number)> Members) : StateType
    {
        public override void Skip(StateInput input) => input.Long();

        protected override void Append(StringBuilder text) =>
            text.Append("enum(").AppendJoin(',', Members.Select(m => $"{m.Name}={m.Number}")).Append(')');
    }

    /// <summary>A value that may be missing.</summary>
    public sealed record Optional(StateType Inner) : StateType
    {
        public override void Skip(StateInput input)
        {
            if (input.Bool()) Inner.Skip(input);
        }

        protected override void Append(StringBuilder text)
        {
            Inner.Append(text);
            text.Append('?');
        }
    }

    /// <summary>Any number of values; may be null.</summary>
    public sealed record List(StateType Element) : StateType
    {
        public override void Skip(StateInput input)
        {
            int count = input.Count();
            for (int i = 0; i < count; i++) Element.Skip(input);
        }

        protected override void Append(StringBuilder text)
        {
            text.Append("list<");
            Element.Append(text);
            text.Append('>');
        }
    }

    /// <summary>Values by keys; may be null.</summary>
    public sealed record Map(StateType Key, StateType Value) : StateType
    {
        public override void Skip(StateInput input)
        {
            int count = input.Count();
            for (int i = 0; i < count; i++)
            {
                Key.Skip(input);
                Value.Skip(input);
            }
        }

        protected override void Append(StringBuilder text)
        {
            text.Append("map<");
            Key.Append(text);
            text.Append(',');
            Value.Append(text);
            text.Append('>');
        }
    }

    /// <summary>Named fields, written one after the other.</summary>
    public sealed record Object(IReadOnlyList<(string Name, StateType Type)> Fields) : StateType
    {
        public override void Skip(StateInput input)
        {
            foreach ((_, StateType type) in Fields) type.Skip(input);
        }

        protected override void Append(StringBuilder text)
        {
            text.Append('{');
            for (int i = 0; i < Fields.Count; i++)
            {
                if (i > 0) text.Append(',');
                text.Append(Fields[i].Name).Append(':');
                Fields[i].Type.Append(text);
            }

            text.Append('}');
        }
    }
}
