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

    /// <summary>Decides the formula, given for each predicate whether it holds.</summary>
    public abstract bool Decide<TTruths>(ref TTruths truths) where TTruths : struct, ITruths, allows ref struct;

    public sealed record Always : Guard
    {
        public override ulong Predicates => 0;

        public override bool Decide<TTruths>(ref TTruths truths) => true;

        public override string ToString() => "true";
    }

    public sealed record Atom(int Index) : Guard
    {
        public override ulong Predicates => 1UL << Index;

        public override bool Decide<TTruths>(ref TTruths truths) => truths.Holds(Index);

        public override string ToString() => "p" + Index;
    }

    public sealed record Negation(Guard Operand) : Guard
    {
        public override ulong Predicates => Operand.Predicates;

        public override bool Decide<TTruths>(ref TTruths truths) => !Operand.Decide(ref truths);

        public override string ToString() => Operand is Both ? $"not ({Operand})" : $"not {Operand}";
    }

    public sealed record Both(Guard Left, Guard Right) : Guard
    {
        public override ulong Predicates => Left.Predicates | Right.Predicates;

        public override bool Decide<TTruths>(ref TTruths truths) => Left.Decide(ref truths) && Right.Decide(ref truths);

        public override string ToString() => $"{Left} and {Right}";
    }
}

/// <summary>Answers whether a predicate holds for the event at hand, and, where the predicate reads earlier events, for the run at hand.</summary>
internal interface ITruths
{
    bool Holds(int predicate);
}
