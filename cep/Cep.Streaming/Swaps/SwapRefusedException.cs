namespace Cep.Streaming.Swaps;

/// <summary>A job cannot begin with its rules from what other rules wrote; nothing was written.</summary>
/// <param name="message">Why, in whole sentences.</param>
/// <param name="cause">What it follows from; null for nothing else.</param>
public sealed class SwapRefusedException(string message, Exception? cause = null) : Exception(message, cause);
