namespace NextItem.Server.Contract;

/// <summary>A request that cannot be answered; becomes problem details.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">What it is, for programs.</param>
/// <param name="detail">What was found and what was expected, for people.</param>
/// <param name="errors">All faults, where there may be several.</param>
internal sealed class RequestException(int status, string code, string detail, IReadOnlyList<string>? errors = null) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    public IReadOnlyList<string>? Errors => errors;

    /// <summary>A body or query whose values are out of range.</summary>
    public static RequestException Invalid(IReadOnlyList<string> faults) => new(400, "invalid-request", string.Join(' ', faults), faults);
}
