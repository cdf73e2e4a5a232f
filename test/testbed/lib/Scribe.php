<?php

use MediaWiki\MediaWikiServices;
use MediaWiki\Revision\MutableRevisionRecord;
use MediaWiki\Revision\SlotRecord;
use Wikimedia\Rdbms\IDatabase;
use Wikimedia\Timestamp\ConvertibleTimestamp;

/**
 * Writes into a wiki what people, importers and old software wrote: each method is one act, a minute after the last.
 * Whatever nobody but the privileged may read contains the word "secret": the privacy tests search for it.
 */
class Scribe {
	/** @var IDatabase */
	public $db;
	/** @var MediaWikiServices */
	private $services;
	/** @var int */
	private $now;

	public function __construct( IDatabase $db ) {
		$this->db = $db;
		$this->services = MediaWikiServices::getInstance();
		// Later sets go on where the last left the clock.
		$last = max( $db->selectField( 'revision', 'MAX(rev_timestamp)', [], __METHOD__ ),
			$db->selectField( 'logging', 'MAX(log_timestamp)', [], __METHOD__ ) );
		$this->now = max( (int)wfTimestamp( TS_UNIX, '20200101000000' ), (int)wfTimestamp( TS_UNIX, $last ) );
		$this->wait();
	}

	/** Moves the clock on, and gives the new time as the database writes it. */
	public function wait( int $seconds = 61 ): string {
		$this->now += $seconds;
		ConvertibleTimestamp::setFakeTime( $this->now );
		return wfTimestamp( TS_MW, $this->now );
	}

	/** A registered user, made when first named. Its e-mail address and real name are secrets. */
	public function person( string $name ): User {
		$user = User::newFromName( $name );
		if ( $user->getId() === 0 ) {
			$this->wait();
			$user = User::createNew( $name, [
				'email' => 'secret.' . md5( $name ) . '@private.example',
				'real_name' => 'Secret real name of ' . md5( $name ),
			] );
			$entry = new ManualLogEntry( 'newusers', 'create' );
			$entry->setPerformer( $user );
			$entry->setTarget( $user->getUserPage() );
			$entry->setParameters( [ '4::userid' => $user->getId() ] );
			$entry->insert();
		}
		return $user;
	}

	/** One of a few people by number, whatever he is called by now. */
	public function personOf( int $number ): User {
		$ids = $this->db->selectFieldValues( 'user', 'user_id',
			[ 'user_email' . $this->db->buildLike( 'secret.', $this->db->anyString() ) ], __METHOD__, [ 'ORDER BY' => 'user_id' ] );
		while ( count( $ids ) < $number ) {
			$ids[] = $this->person( 'Person ' . ( count( $ids ) + 1 ) )->getId();
		}
		return User::newFromId( (int)$ids[$number - 1] );
	}

	/** A contributor without an account: an address, or a name from elsewhere. */
	public function stranger( string $name ): User {
		return User::newFromName( $name, false );
	}

	public function title( string $text ): Title {
		$title = Title::newFromText( $text );
		if ( $title === null ) {
			throw new InvalidArgumentException( "MediaWiki does not take the title $text" );
		}
		return $title;
	}

	public function page( string $title ): WikiPage {
		return $this->services->getWikiPageFactory()->newFromTitle( $this->title( $title ) );
	}

	/**
	 * An edit through the wiki's own front door.
	 * @param string $title
	 * @param string|Content $content
	 * @param User $by
	 * @param array $more summary, minor, slots (role => Content, or null to take the slot away)
	 * @return int|null revision id; null when nothing was changed
	 */
	public function edit( string $title, $content, User $by, array $more = [] ): ?int {
		$this->wait();
		$page = $this->page( $title );
		$updater = $page->newPageUpdater( $by );
		$updater->setContent( SlotRecord::MAIN, $this->content( $content, $page->getTitle() ) );
		foreach ( $more['slots'] ?? [] as $role => $slot ) {
			$slot === null ? $updater->removeSlot( $role ) : $updater->setContent( $role, $slot );
		}
		$summary = CommentStoreComment::newUnsavedComment( $more['summary'] ?? '' );
		$revision = $updater->saveRevision( $summary, ( $more['minor'] ?? false ) ? EDIT_MINOR : 0 );
		$this->must( $updater->getStatus(), "edit of $title" );
		DeferredUpdates::doUpdates();
		return $revision ? $revision->getId() : null;
	}

	/**
	 * A revision stored as it is, as an import stores it: nothing is trimmed, normalised or refused.
	 * @param string $title
	 * @param string|Content $content
	 * @param User $by
	 * @param array $more summary, minor, at (a time of its own)
	 * @return int revision id
	 */
	public function store( string $title, $content, User $by, array $more = [] ): int {
		$at = $more['at'] ?? $this->wait();
		$page = $this->page( $title );
		$parent = $page->exists() ? $page->getLatest() : null;
		if ( $parent === null ) {
			$page->insertOn( $this->db );
		}
		$draft = new MutableRevisionRecord( $page->getTitle() );
		$draft->setPageId( $page->getId() );
		$draft->setContent( SlotRecord::MAIN, $this->content( $content, $page->getTitle() ) );
		$draft->setComment( CommentStoreComment::newUnsavedComment( $more['summary'] ?? '' ) );
		$draft->setMinorEdit( $more['minor'] ?? false );
		$draft->setTimestamp( $at );
		$draft->setUser( $by );
		if ( $parent !== null ) {
			$draft->setParentId( $parent );
		}
		$stored = $this->services->getRevisionStore()->insertRevisionOn( $draft, $this->db );
		$page->updateRevisionOn( $this->db, $stored );
		return $stored->getId();
	}

	/** Writes a log entry, and gives its id. $more: params, comment, legacy. */
	public function log( string $type, string $action, string $title, User $by, array $more = [] ): int {
		$this->wait();
		$entry = new ManualLogEntry( $type, $action );
		$entry->setPerformer( $by );
		$entry->setTarget( $this->title( $title ) );
		$entry->setComment( $more['comment'] ?? '' );
		$entry->setParameters( $more['params'] ?? [] );
		$entry->setLegacy( $more['legacy'] ?? false );
		return $entry->insert();
	}

	/**
	 * Hides parts of revisions, log entries or old uploads.
	 * @param string $kind 'revision', 'logging' or 'oldimage'
	 * @param string $title
	 * @param int|string $id
	 * @param int $bits 1 text or action, 2 comment, 4 user, 8 also from administrators
	 */
	public function hide( string $kind, string $title, $id, int $bits, User $by ): void {
		$this->wait();
		$context = new DerivativeContext( RequestContext::getMain() );
		$context->setUser( $by );
		$wanted = [];
		for ( $bit = 1; $bit <= 8; $bit *= 2 ) {
			$wanted[$bit] = (int)( ( $bits & $bit ) !== 0 );
		}
		$list = RevisionDeleter::createList( $kind, $context, $this->title( $title ), [ $id ] );
		$this->must( $list->setVisibility( [ 'value' => $wanted, 'comment' => "hiding $bits" ] ), "hiding of $title" );
		DeferredUpdates::doUpdates();
	}

	public function delete( string $title, User $by, string $reason, bool $suppress = false ): void {
		$this->wait();
		$this->services->getDeletePageFactory()->newDeletePage( $this->page( $title ), $by )
			->setSuppress( $suppress )->forceImmediate( true )->deleteUnsafe( $reason );
		DeferredUpdates::doUpdates();
	}

	/** @param string[] $times of the revisions that come back; all when empty */
	public function undelete( string $title, User $by, string $reason, array $times = [] ): void {
		$this->wait();
		$this->services->getUndeletePageFactory()->newUndeletePage( $this->page( $title ), $by )
			->setUndeleteOnlyTimestamps( $times )->undeleteUnsafe( $reason );
		DeferredUpdates::doUpdates();
	}

	public function move( string $from, string $to, User $by, string $reason, bool $leaveRedirect = true ): void {
		$this->wait();
		$this->services->getMovePageFactory()->newMovePage( $this->title( $from ), $this->title( $to ) )
			->move( $by, $reason, $leaveRedirect );
		DeferredUpdates::doUpdates();
	}

	public function merge( string $from, string $into, User $by ): void {
		$this->wait();
		$this->services->getMergeHistoryFactory()->newMergeHistory( $this->title( $from ), $this->title( $into ) )
			->merge( $by, 'histories belong together' );
		DeferredUpdates::doUpdates();
	}

	/** Needs the extension Renameuser. */
	public function rename( User $user, string $to, User $by, string $reason ): void {
		$this->wait();
		$rename = new MediaWiki\Extension\Renameuser\RenameuserSQL( $user->getName(), $to, $user->getId(), $by, [ 'reason' => $reason ] );
		if ( !$rename->rename() ) {
			throw new RuntimeException( "{$user->getName()} could not be renamed" );
		}
		DeferredUpdates::doUpdates();
	}

	/** Revisions of a dump, with their times, as importDump.php takes them in; their authors are marked as from elsewhere. */
	public function import( string $xml, string $prefix ): void {
		$this->wait();
		$importer = $this->services->getWikiImporterFactory()->getWikiImporter( new ImportStringSource( $xml ) );
		$importer->setUsernamePrefix( $prefix, false );
		$importer->doImport();
		DeferredUpdates::doUpdates();
	}

	public function protect( string $title, array $limits, array $expiry, User $by ): void {
		$this->wait();
		$cascade = false;
		$this->page( $title )->doUpdateRestrictions( $limits, $expiry, $cascade, 'protect <it> & keep', $by );
		DeferredUpdates::doUpdates();
	}

	public function block( string $name, User $by, string $expiry, string $reason, array $options ): void {
		$this->wait();
		$status = $this->services->getBlockUserFactory()->newBlockUser( $name, $by, $expiry, $reason, $options )
			->placeBlockUnsafe();
		$this->must( $status, "block of $name" );
		DeferredUpdates::doUpdates();
	}

	/** Changes rows of a table directly: what old software and accidents leave behind. */
	public function alter( string $table, array $set, array $where ): void {
		$this->db->update( $table, $set, $where, __METHOD__ );
		if ( $this->db->affectedRows() === 0 ) {
			throw new LogicException( "nothing to alter in $table" );
		}
	}

	/** The content row's id of a revision's main slot. */
	public function contentId( int $revision ): int {
		return (int)$this->db->selectField( 'slots', 'MIN(slot_content_id)', [ 'slot_revision_id' => $revision ], __METHOD__ );
	}

	/** The text row's id of a revision's main slot. */
	public function textId( int $revision ): int {
		$address = $this->db->selectField( 'content', 'content_address', [ 'content_id' => $this->contentId( $revision ) ], __METHOD__ );
		return (int)substr( $address, strlen( 'tt:' ) );
	}

	private function content( $content, Title $title ): Content {
		return $content instanceof Content ? $content : ContentHandler::makeContent( $content, $title );
	}

	private function must( Status $status, string $act ): void {
		if ( !$status->isOK() ) {
			throw new RuntimeException( "$act: " . $status->getWikiText( false, false, 'en' ) );
		}
	}
}
