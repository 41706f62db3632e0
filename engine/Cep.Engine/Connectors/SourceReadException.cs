namespace Cep.Engine.Connectors;

/// <summary>A source could not be read any further.</summary>
/// <remarks>Its message is <c>line 12: </c> and the message of the cause.</remarks>
/// <param name="line">The line that was being read, from 1.</param>
/// <param name="cause">What went wrong.</param>
public sealed class SourceReadException(long line, Exception cause) : Exception($"line {line}: {cause.Message}", cause)
{
    /// <summary>The line that was being read, from 1.</summary>
    public long Line { get; } = line;
}
