namespace Kontor.Sandbox;

/// <summary>The cards of the sandbox: what each does is in its name.</summary>
static class Tokens
{
    const string Approve = "tok_approve";
    const string Decline = "tok_decline";

    /// <summary>Takes the money and never answers the first call.</summary>
    public const string Timeout = "tok_timeout";

    /// <summary>Takes the money and answers 5 seconds later.</summary>
    public const string Late = "tok_late";

    /// <summary>Waits for the buyer.</summary>
    const string Challenge = "tok_challenge";

    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(5);

    /// <summary>What comes of a card at once; null where there is no such card.</summary>
    public static State? StateOf(string token) =>
        token switch
        {
            Approve or Timeout or Late => State.Authorised,
            Decline => State.Declined,
            Challenge => State.Challenged,
            _ => null,
        };
}
