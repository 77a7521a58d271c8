using System.Security.Cryptography;

namespace NextItem.Server.Answering;

/// <summary>Names of answers, which events refer to: no two are alike, those of other servers and of other starts neither.</summary>
internal sealed class RecommendationIds
{
    private const int StartDigits = 10;

    private readonly string _start = RandomNumberGenerator.GetHexString(StartDigits, lowercase: true);
    private long _given;

    public string Next() => $"r{_start}-{Interlocked.Increment(ref _given)}";
}
