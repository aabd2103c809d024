namespace Kontor.Catalog.Stock;

/// <summary>What is written beside every change of what is on hand or incoming: who did it and why.</summary>
/// <remarks>The rows themselves are written by a trigger on stock, so that no change is without one.</remarks>
/// <param name="Kind">One of <see cref="MovementKind"/>.</param>
/// <param name="Actor">The subject of the token, or the job.</param>
/// <param name="Reason">Why, in a word.</param>
/// <param name="Reference">What it is called elsewhere: the number of a list or a delivery note.</param>
/// <param name="Delivery">The id of the delivery whose step it is.</param>
sealed record Movement(
    string Kind,
    string Actor,
    string? Reason = null,
    string? Reference = null,
    string? Note = null,
    Guid? Delivery = null
);

/// <summary>Why a level changed. Beside these a movement can be an <c>opening</c> (what stood when movements began to be
/// kept), <c>removed</c> (its variant went) or <c>unrecorded</c> (written past the API).</summary>
static class MovementKind
{
    public const string Counted = "counted";
    public const string Adjusted = "adjusted";
    public const string Announced = "announced";
    public const string Shipped = "shipped";
    public const string Received = "received";
    public const string CalledOff = "calledOff";
}
