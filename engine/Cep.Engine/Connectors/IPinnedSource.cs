namespace Cep.Engine.Connectors;

/// <summary>A source whose records are deleted some day, but not while a job may read them again.</summary>
internal interface IPinnedSource
{
    /// <summary>Keeps the records from an offset on for a job, and no longer those before; null for all that are there. Where that fails, it keeps what it did.</summary>
    void Pin(string job, long? offset);
}
