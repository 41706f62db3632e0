namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint store could not do what was asked: the disk, the network, permissions. What was kept before is still there.</summary>
/// <param name="message">A whole sentence that names the place.</param>
/// <param name="inner">What the system said.</param>
public sealed class CheckpointStoreException(string message, Exception? inner = null) : Exception(message, inner);
