using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using NextItem.Hosting.Models;

namespace NextItem.Server.Access;

/// <summary>
/// The keys that clients may show, from a file with one a line. The file is looked at again while the server runs: a new key is
/// added, the clients change over, the old one is taken out.
/// </summary>
internal sealed partial class ApiKeys
{
    /// <summary>Shorter keys can be guessed.</summary>
    public const int ShortestKey = 16;

    private readonly string _path;
    private readonly TimeSpan _between;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiKeys> _log;
    private readonly Lock _looking = new();
    private volatile byte[][] _hashes;
    private FileStamp? _stamp;
    private long _looked;
    private string? _fault; // told last

    /// <summary>Reads the keys.</summary>
    /// <param name="path">The file; empty lines and those that begin with # do not count.</param>
    /// <param name="between">How often it is looked at again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told of changes.</param>
    /// <exception cref="ApiKeysFileException">There is no key in it, or one that is too short.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ApiKeys(string path, TimeSpan between, TimeProvider time, ILogger<ApiKeys> log)
    {
        (_path, _between, _time, _log) = (path, between, time, log);
        _stamp = FileStamp.Of(path);
        _hashes = Read(path);
        _looked = time.GetTimestamp();
    }

    /// <summary>Whether a key is one of them. Takes as long for a key that is nearly right as for any other.</summary>
    public bool Has(string key)
    {
        Look();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var found = false;
        foreach (var known in _hashes)
            found |= CryptographicOperations.FixedTimeEquals(hash, known);
        return found;
    }

    private void Look()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _looked)) < _between || !_looking.TryEnter())
            return;
        try
        {
            Volatile.Write(ref _looked, _time.GetTimestamp());
            var stamp = FileStamp.Of(_path);
            if (stamp == _stamp)
            {
                _fault = null;
                return;
            }

            _hashes = Read(_path);
            (_stamp, _fault) = (stamp, null);
            LogRead(_hashes.Length);
        }
        catch (Exception e) when (e is ApiKeysFileException or IOException or UnauthorizedAccessException)
        {
            // It is tried again with every look, since what may be read can change while the file stays as it is; the same fault is told once.
            if (_fault != e.Message)
                LogKept(e.Message);
            _fault = e.Message;
        }
        finally
        {
            _looking.Exit();
        }
    }

    private static byte[][] Read(string path)
    {
        var keys = File.ReadAllLines(path).Select((line, i) => (Key: line.Trim(), Row: i + 1)).Where(line => line.Key.Length > 0 && line.Key[0] != '#').ToArray();
        if (keys.Length == 0)
            throw new ApiKeysFileException($"{path} has no API key; expected one a line.");
        if (keys.FirstOrDefault(line => line.Key.Length < ShortestKey) is { Key.Length: > 0 } tooShort)
            throw new ApiKeysFileException($"{path}, row {tooShort.Row}: the API key has {tooShort.Key.Length} characters; expected at least {ShortestKey}.");
        return [.. keys.Select(line => SHA256.HashData(Encoding.UTF8.GetBytes(line.Key)))];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the API keys were read anew, there are {Keys}")]
    private partial void LogRead(int keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "the API keys stay as they were: {Reason}")]
    private partial void LogKept(string reason);
}
