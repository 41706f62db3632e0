namespace Cep.Rules;

/// <summary>Writes single rules as text and reads them back, so that a program can keep a rule that it may not be given again.</summary>
/// <remarks>Safe for all threads.</remarks>
public abstract class RuleSerializer
{
    /// <summary>Writes a rule.</summary>
    /// <exception cref="ArgumentException">The rule has no text; the message says why.</exception>
    public abstract string Write(Rule rule);

    /// <summary>Reads a rule back.</summary>
    /// <param name="text">What <see cref="Write"/> gave.</param>
    /// <param name="streams">The streams that it may read; those of the rule are among them.</param>
    /// <returns>The rule, equal to the one that was written, but for its <see cref="Rule.Version"/>, which a text may not tell.</returns>
    /// <exception cref="InvalidDataException">It is no rule over these streams.</exception>
    public abstract Rule Read(string text, IReadOnlyList<StreamDefinition> streams);
}
