namespace Cep.Cli;

/// <summary>The exit codes of every command; a script may rely on them.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Ok = 0;

    /// <summary>The rules have errors.</summary>
    public const int RuleErrors = 1;

    /// <summary>The command was called wrongly: arguments, files that are not there.</summary>
    public const int WrongUsage = 2;

    /// <summary>The run failed: reading, writing, corrupt input.</summary>
    public const int RunFailed = 3;

    /// <summary>All input was read, but a rule failed on the way and was stopped: what it told is not all.</summary>
    public const int RuleQuarantined = 4;

    /// <summary>Files are not in the canonical layout, which is all that was asked.</summary>
    public const int NotFormatted = 5;

    /// <summary>Tests of rules failed.</summary>
    public const int TestsFailed = 6;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by a request to terminate: 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
