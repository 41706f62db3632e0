namespace Cep.Engine.Runtime;

/// <summary>A job failed.</summary>
/// <remarks>
/// Its message is <see cref="Where"/>, a colon and the message of the cause, which is the inner exception. When several parts failed it is the
/// first.
/// </remarks>
/// <param name="where">The part of the job.</param>
/// <param name="cause">What went wrong there.</param>
public sealed class JobException(string where, Exception cause) : Exception($"{where}: {cause.Message}", cause)
{
    /// <summary>The part of the job that failed: <c>source 'a.jsonl'</c>, <c>operator 'rules', subtask 1</c>, <c>sink 'out.jsonl'</c>.</summary>
    public string Where { get; } = where;
}
