using System.Diagnostics;
using System.Text;

namespace Cep.RulesService.Tests.Kill;

/// <summary>The service as a process of its own, that is killed and started again over the same folder.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly string _dataFolder;
    private readonly Lock _gate = new();
    private readonly StringBuilder _told = new();
    private Process? _process;

    /// <param name="dataFolder">What it keeps.</param>
    public ServiceProcess(string dataFolder) => _dataFolder = dataFolder;

    /// <summary>Where it listens; null while it does not run.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Starts it, and waits until it listens.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Cep.RulesService.dll"), "--Cep:Listen", "http://127.0.0.1:0", "--Cep:DataFolder", _dataFolder,
                "--Cep:Engine:CheckpointInterval", "00:00:00.200", "--Cep:Engine:Parallelism", "2",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            Note(line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                Address = new Uri(line[(at + Listening.Length)..].Trim());
                new Thread(ReadOn) { IsBackground = true }.Start(_process.StandardOutput);
                return;
            }
        }
        throw new InvalidOperationException($"The service did not start: {Told}");
    }

    /// <summary>What it has written, of all its lives.</summary>
    public string Told
    {
        get
        {
            lock (_gate)
                return _told.ToString();
        }
    }

    /// <summary>Ends it at once, in the middle of what it does.</summary>
    public void Kill()
    {
        Address = null;
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
            Kill();
    }

    private void ReadOn(object? output)
    {
        while (((StreamReader)output!).ReadLine() is { } line)
            Note(line);
    }

    private void Note(string? line)
    {
        lock (_gate)
            _told.AppendLine(line);
    }
}
