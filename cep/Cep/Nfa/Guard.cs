namespace Cep.Nfa;

/// <summary>When a transition may be used: a boolean formula over the predicates of an <see cref="Nfa"/>.</summary>
internal abstract record Guard
{
    public static Guard True { get; } = new Always();

    public static Guard Holds(int predicate) => new Atom(predicate);

    public Guard And(Guard other) => this is Always ? other : other is Always ? this : new Both(this, other);

    public Guard Not() => this is Negation n ? n.Operand : new Negation(this);

    /// <summary>The predicates the formula reads.</summary>
    public abstract ulong Predicates { get; }

    /// <summary>Decides the formula.</summary>
    /// <param name="truths">Bit i says whether predicate i holds.</param>
    public abstract bool Holds(ulong truths);

    public sealed record Always : Guard
    {
        public override ulong Predicates => 0;

        public override bool Holds(ulong truths) => true;

        public override string ToString() => "true";
    }

    public sealed record Atom(int Index) : Guard
    {
        public override ulong Predicates => 1UL << Index;

        public override bool Holds(ulong truths) => (truths & Predicates) != 0;

        public override string ToString() => "p" + Index;
    }

    public sealed record Negation(Guard Operand) : Guard
    {
        public override ulong Predicates => Operand.Predicates;

        public override bool Holds(ulong truths) => !Operand.Holds(truths);

        public override string ToString() => Operand is Both ? $"not ({Operand})" : $"not {Operand}";
    }

    public sealed record Both(Guard Left, Guard Right) : Guard
    {
        public override ulong Predicates => Left.Predicates | Right.Predicates;

        public override bool Holds(ulong truths) => Left.Holds(truths) && Right.Holds(truths);

        public override string ToString() => $"{Left} and {Right}";
    }
}
